"""gateway.py PORT: serves the REST API that a stack deployed to MiniStack, which itself runs no integrations with a role.

The methods are read back from MiniStack. Their templates are rendered by Apache Velocity (../velocity/Render.java, with VELOCITY_CLASS_PATH),
and StartSyncExecution or the function is called with credentials of the integration's own role. It does not check signatures, the resource policy or
quotas. Reads AWS_ENDPOINT_URL, the SDK's variables, and API_URL, the stack's output.
"""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from urllib.parse import quote, unquote, unquote_plus, urlparse

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
API = urlparse(os.environ["API_URL"])
API_ID, STAGE = API.netloc.split(".")[0], API.path.strip("/")


class Velocity:
    """Renders templates in a Java process, one at a time."""

    def __init__(self):
        settings = "runtime.log.logsystem.class=org.apache.velocity.runtime.log.NullLogChute"
        command = ["java", "-Xmx300m", "-cp", os.environ["VELOCITY_CLASS_PATH"], "Render", settings]
        self.java = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii")
        self.lock = threading.Lock()
        # Fails here, before anything is served, when there is no such program.
        self.render("", "", {})

    def render(self, template, body, parameters):
        with self.lock:
            print(json.dumps({"template": template, "body": body, **parameters}), file=self.java.stdin, flush=True)
            line = self.java.stdout.readline()
        if not line:
            raise RuntimeError("Velocity has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise GatewayError("DEFAULT_5XX", 500, f"template: {answer['error']}")
        return answer


class GatewayError(Exception):
    """What API Gateway answers by itself: the type of its gateway response, and the status unless that sets one."""

    def __init__(self, kind, status, detail=""):
        super().__init__(detail)
        self.kind, self.status = kind, status


class Definition:
    """The deployed methods and gateway responses."""

    def __init__(self):
        client = boto3.client("apigateway")
        self.methods = {}
        for page in client.get_paginator("get_resources").paginate(restApiId=API_ID, embed=["methods"]):
            for resource in page["items"]:
                for method in resource.get("resourceMethods", {}):
                    found = client.get_method(restApiId=API_ID, resourceId=resource["id"], httpMethod=method)
                    path = tuple(resource["path"].strip("/").split("/"))
                    self.methods[method, path] = found["methodIntegration"]
        responses = client.get_gateway_responses(restApiId=API_ID)["items"]
        self.responses = {response["responseType"]: response for response in responses}

    def find(self, method, segments):
        """The integration of a path, and its parameters; a fixed segment is preferred to a parameter."""
        for (of, path), integration in sorted(self.methods.items(), key=lambda item: str(item[0]).count("{")):
            pairs = list(zip(path, segments))
            if of == method and len(path) == len(segments) and all(a == b or a.startswith("{") for a, b in pairs):
                return integration, {a.strip("{}"): b for a, b in pairs if a.startswith("{")}
        raise GatewayError("MISSING_AUTHENTICATION_TOKEN", 403)


class Roles:
    """Credentials of roles, as API Gateway assumes them."""

    def __init__(self):
        self.sts, self.assumed = boto3.client("sts"), {}

    def credentials(self, arn):
        if arn not in self.assumed:
            keys = self.sts.assume_role(RoleArn=arn, RoleSessionName="api-gateway")["Credentials"]
            self.assumed[arn] = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        return self.assumed[arn]


velocity, definition, roles = Velocity(), Definition(), Roles()


def decode(text, unquoted=unquote):
    """Parameters reach templates decoded, but for the percent sign."""
    try:
        return unquoted(text, errors="strict").replace("%", "%25")
    except UnicodeDecodeError:
        raise GatewayError("BAD_REQUEST_PARAMETERS", 400) from None


def start_execution(body):
    """A StartSyncExecution request."""
    headers = {
        "X-Amz-Target": "AWSStepFunctions.StartSyncExecution",
        "Content-Type": "application/x-amz-json-1.0",
    }
    return "states", AWSRequest("POST", f"{ENDPOINT}/", headers, body.encode())


def invoke(function, body):
    """An Invoke request."""
    url = f"{ENDPOINT}/2015-03-31/functions/{quote(function, safe='')}/invocations"
    return "lambda", AWSRequest("POST", url, {"Content-Type": "application/json"}, body.encode())


def call(integration, body):
    """What the integration's service answers, a refusal too."""
    function = re.search(r"/functions/(.+)/invocations$", integration["uri"])
    service, request = invoke(function[1], body) if function else start_execution(body)
    SigV4Auth(roles.credentials(integration["credentials"]), service, os.environ["AWS_REGION"]).add_auth(request)
    signed = urllib.request.Request(request.url, request.data, dict(request.headers), method="POST")
    try:
        with urllib.request.urlopen(signed, timeout=29) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode()
    except TimeoutError:
        raise GatewayError("INTEGRATION_TIMEOUT", 504) from None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers):
        self.send_response(status)
        encoded = body.encode()
        for name, value in {"content-type": "application/json", "content-length": len(encoded), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(encoded)

    def refuse(self, refusal):
        print(self.command, self.path, refusal.kind, refusal, flush=True)
        response = definition.responses.get(refusal.kind, {})
        template = response.get("responseTemplates", {}).get("application/json", '{"message":"error"}')
        self.answer(int(response.get("statusCode", refusal.status)), template, {})

    def respond(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            self.answer(*self.integrate(body))
        except GatewayError as refusal:
            self.refuse(refusal)

    def integrate(self, raw):
        path, _, query = self.path.partition("?")
        segments = path.lstrip("/").split("/")
        integration, values = definition.find(self.command, segments[1:] if segments[0] == STAGE else segments)
        pairs = [pair.partition("=") for pair in query.split("&") if pair]
        parameters = {
            "path": {name: decode(value) for name, value in values.items()},
            "querystring": {decode(name, unquote_plus): decode(value, unquote_plus) for name, _, value in pairs},
            "header": dict(self.headers.items()),
        }
        content_type = self.headers.get("content-type", "application/json").split(";")[0].strip().lower()
        template = integration["requestTemplates"].get(content_type)
        if template is None:
            raise GatewayError("UNSUPPORTED_MEDIA_TYPE", 415)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise GatewayError("BAD_REQUEST_BODY", 400) from None
        request = velocity.render(template, text, parameters)["output"]
        result = call(integration, request)
        (response,) = integration["integrationResponses"].values()
        answer = velocity.render(response["responseTemplates"]["application/json"], result, parameters)
        return answer["status"] or int(response["statusCode"]), answer["output"], answer["headers"]

    do_GET = do_POST = respond


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/{STAGE}", flush=True)
    server.serve_forever()
