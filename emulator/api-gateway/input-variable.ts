import { MappingTemplateError, hostObject, readMember } from './java-values.ts';

/** The request, or the integration's answer, that $input reads. */
export interface InputSource {
  /** The raw body. */
  readonly body: string;
  /** The body as JSON; called at most once. @throws SyntaxError when it is not JSON. */
  readonly parse: () => unknown;
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly header: Readonly<Record<string, string>>;
}

/** Finds one value by a path of names and indexes. @throws MappingTemplateError for any other JSONPath. */
const readPath = (json: unknown, path: string): unknown => {
  const steps = path.match(/\.[A-Za-z_]\w*|\['[^']+'\]|\[\d+\]/g) ?? [];
  if (`$${steps.join('')}` !== path) throw new MappingTemplateError(`The JSONPath ${path} is not supported`);
  return steps
    .map((step) => step.replace(/^\.|^\['?|'?\]$/g, ''))
    .reduce<unknown>((value, name) => readMember(value, name), json);
};

/** All parameters, as `$input.params()` gives them. */
const parameterGroups = ({ path, querystring, header }: InputSource): object => ({
  path,
  querystring,
  header: hostObject({
    get: (name: string) => header[name.toLowerCase()],
    containsKey: (name: string) => Object.hasOwn(header, name.toLowerCase()),
    keySet: () => Object.keys(header),
  }),
});

/**
 * $input. A parameter is looked for in the path, the query and the headers, in this order; one that is missing is the empty string.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 * Assumed: header names are compared without regard to case; a path that finds nothing is the empty string for `json`.
 */
export const inputVariable = (source: InputSource): object => {
  let parsed: { readonly json: unknown } | undefined;
  const json = (): unknown => (parsed ??= { json: source.parse() }).json;
  const { path, querystring, header } = source;
  const all = parameterGroups(source);
  return hostObject(
    {
      json: (expression: string) => JSON.stringify(readPath(json(), expression) ?? ''),
      path: (expression: string) => readPath(json(), expression),
      params: (name?: string) =>
        name === undefined ? all : (path[name] ?? querystring[name] ?? header[name.toLowerCase()] ?? ''),
    },
    { body: source.body },
  );
};
