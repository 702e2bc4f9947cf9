import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/**
 * Renders API Gateway's mapping templates with the Apache Velocity on the class path. Each line of the input is a JSON object with
 * `template`, the maps `path`, `querystring` and `header`, the text `body`, and `missing`: what `$input.path` gives for nothing,
 * null or a text. Each line of the output is `{output, status, headers}`, or `{error}` when the template fails.
 * The variables are those of
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
public final class Render {
  private static final ObjectMapper JSON = JsonMapper.builder().configure(JsonWriteFeature.ESCAPE_NON_ASCII, true).build();
  /** Writes JSON as JavaScript does. */
  private static final ObjectMapper TEXTS = JsonMapper.builder().configure(JsonWriteFeature.WRITE_HEX_UPPER_CASE, false).build();
  private static final Configuration PATHS = Configuration.builder().jsonProvider(new JacksonJsonProvider(JSON)).build();

  /** $util, as far as the templates use it. */
  public static final class Util {
    public String escapeJavaScript(String text) {
      return StringEscapeUtils.escapeJavaScript(text);
    }

    public Object parseJson(String text) throws Exception {
      return JSON.readValue(text, Object.class);
    }
  }

  /** $input, as far as the templates use it. */
  public static final class Input {
    private final String body;
    private final Map<String, Map<String, String>> parameters;
    private final String missing;

    Input(String body, Map<String, Map<String, String>> parameters, String missing) {
      this.body = body;
      this.parameters = parameters;
      this.missing = missing;
    }

    public String getBody() {
      return body;
    }

    public Map<String, Map<String, String>> params() {
      return parameters;
    }

    public Object path(String expression) {
      try {
        return JsonPath.using(PATHS).parse(body).read(expression);
      } catch (PathNotFoundException nothing) {
        return missing;
      }
    }

    public String json(String expression) throws Exception {
      Object found = path(expression);
      return TEXTS.writeValueAsString(found == null ? "" : found);
    }
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> map = new LinkedHashMap<>();
    node.fields().forEachRemaining(member -> map.put(member.getKey(), member.getValue().textValue()));
    return map;
  }

  private static Map<String, Object> render(VelocityEngine engine, JsonNode request) {
    Map<String, Map<String, String>> parameters = new LinkedHashMap<>();
    for (String kind : List.of("path", "querystring", "header")) parameters.put(kind, texts(request.path(kind)));
    Map<String, Object> headers = new LinkedHashMap<>();
    Map<String, Object> override = new HashMap<>(Map.of("header", headers));
    VelocityContext variables = new VelocityContext();
    variables.put("context", new HashMap<>(Map.of("responseOverride", override)));
    variables.put("util", new Util());
    variables.put("input", new Input(request.get("body").textValue(), parameters, request.path("missing").textValue()));
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      StringWriter output = new StringWriter();
      engine.evaluate(variables, output, "template", request.get("template").textValue());
      answer.put("output", output.toString());
      answer.put("status", override.get("status"));
      answer.put("headers", headers);
    } catch (RuntimeException | StackOverflowError failure) {
      answer.put("error", failure.toString());
    }
    return answer;
  }

  public static void main(String[] arguments) throws Exception {
    VelocityEngine engine = new VelocityEngine();
    for (String setting : arguments) engine.setProperty(setting.split("=")[0], setting.split("=")[1]);
    engine.init();
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream output = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      output.println(JSON.writeValueAsString(render(engine, JSON.readTree(line))));
      output.flush();
    }
  }
}
