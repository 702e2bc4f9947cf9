import { errors, type ErrorName } from '../../../client/shared/errors.ts';
import { parameters, type ParameterName } from '../../../client/shared/parameters.ts';
import { methodsOf, routes, type Route } from '../routes.ts';
import { answers, errorExample, errorSchema, type Schema } from './answers.ts';
import { publishExample, publishSchema } from './events.ts';
import { errorNames, parameterNames } from './names.ts';

export interface Described {
  /** The package's version. */
  readonly version: string;
  /** Where the API is. Default: an API of the local service, and one on AWS. */
  readonly url?: string;
}

/** The statuses that are not a success, and the errors that have them. */
const statuses = new Map<number, ErrorName[]>();
for (const name of errorNames) statuses.set(errors[name].status, [...(statuses.get(errors[name].status) ?? []), name]);

/** Where a part stands in the document. */
const ref = (section: string, name: string) => ({ $ref: `#/components/${section}/${name}` });

const json = (schema: object, examples: Readonly<Record<string, object>>) => ({
  'application/json': {
    schema,
    examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
  },
});

const errorResponse = (status: number, names: readonly ErrorName[]) => ({
  description: names.map((name) => `\`${name}\`: ${errors[name].when} To do: ${errors[name].remedy}.`).join('\n\n'),
  ...(status === 429 && {
    headers: {
      'Retry-After': { description: 'How long to wait, in seconds.', schema: { type: 'integer', minimum: 0 } },
    },
  }),
  content: json(errorSchema(names), Object.fromEntries(names.map((name) => [name, errorExample(name)]))),
});

const responsesOf = ({ answer }: Route) => ({
  200: {
    description: answers[answer].description,
    content: json(ref('schemas', answer), { [answer]: answers[answer].example }),
  },
  ...Object.fromEntries([...statuses.keys()].map((status) => [status, ref('responses', `Error${status}`)])),
});

const pathParameters = ({ path }: Route): ParameterName[] =>
  parameterNames.filter((name) => path.includes(`{${name}}`));

/** The parameters of the query string. Those of notify are the message: any names, and the values stay texts. */
const messageParameter = {
  ...{ name: 'message', in: 'query', style: 'form', explode: true, required: false },
  description: 'The members of the message, whose values are texts. What the path says wins.',
  schema: { type: 'object', additionalProperties: { type: 'string' } },
  example: { msg: 'Hello World' },
};

const queryParameters = ({ takes = [] }: Route): object[] => {
  if (takes === 'events') return [];
  return takes === 'message' ? [messageParameter] : takes.map((name) => ref('parameters', name));
};

const message: Schema = {
  type: 'object',
  description: 'The message. It is delivered with the members of the path added; what the path says wins.',
  additionalProperties: true,
};

const bodyOf = ({ takes = [] }: Route) => {
  if (takes === 'message') {
    return { required: false, content: json(message, { message: { type: 'invoice.paid', total: 1299 } }) };
  }
  if (takes === 'events') return { required: true, content: json(publishSchema, { events: publishExample }) };
  const properties = Object.fromEntries(takes.map((name) => [name, parameters[name].schema]));
  const example = Object.fromEntries(takes.map((name) => [name, parameters[name].example]));
  return {
    required: false,
    content: json({ type: 'object', properties, additionalProperties: false }, { body: example }),
  };
};

const operationOf = (route: Route, method: 'get' | 'post') => ({
  operationId: method === 'post' ? route.operation : `${route.operation}ByGet`,
  summary: route.summary,
  tags: [route.takes === 'message' || route.takes === 'events' ? 'messages' : 'sessions'],
  parameters: [...pathParameters(route).map((name) => ref('parameters', name)), ...queryParameters(route)],
  ...(method === 'post' && { requestBody: bodyOf(route) }),
  responses: responsesOf(route),
});

/** The operations of a path. */
interface PathItem {
  readonly post: ReturnType<typeof operationOf>;
  readonly get?: ReturnType<typeof operationOf>;
}

const describeParameter = (name: ParameterName) => {
  const { description, schema, example } = parameters[name];
  const isInPath = routes.some((route) => pathParameters(route).includes(name));
  return { name, in: isInPath ? 'path' : 'query', required: isInPath, description, schema, example };
};

const onAws = {
  url: 'https://{api}.execute-api.{region}.amazonaws.com/{stage}',
  description: "On AWS: the stack's output `ApiUrl`. Requests are signed for IAM.",
  variables: { api: { default: 'abc123' }, region: { default: 'eu-west-1' }, stage: { default: 'dev' } },
};

const local = { url: 'http://127.0.0.1:4000', description: 'On this machine: `npm start`.' };

const description = `Opens, renews, looks up, lists and ends sessions, and sends messages to them.

Every route but \`/publish\` answers GET and POST alike. On AWS every request is signed with IAM credentials (Signature Version 4, service
\`execute-api\`) that may \`execute-api:Invoke\` on the route. Parameters that a route does not have are refused.`;

/** The API's description, made of the table of routes, the parameters and the errors. https://spec.openapis.org/oas/v3.1.0 */
export const describeApi = ({ version, url }: Described) => ({
  openapi: '3.1.0',
  info: { title: 'sqs-browser', version, description, license: { name: 'MIT', identifier: 'MIT' } },
  servers: url === undefined ? [local, onAws] : [{ url }],
  security: url === undefined ? [{ sigv4: [] }, {}] : [{}],
  tags: [
    { name: 'sessions', description: 'One session is one queue, one identity and temporary keys for that queue.' },
    { name: 'messages', description: 'Messages to the sessions of an account, of a user, or to one session.' },
  ],
  paths: Object.fromEntries(
    routes.map((route): [string, PathItem] => [
      route.path,
      {
        post: operationOf(route, 'post'),
        ...(methodsOf(route).includes('GET') && { get: operationOf(route, 'get') }),
      },
    ]),
  ),
  components: {
    parameters: Object.fromEntries(parameterNames.map((name) => [name, describeParameter(name)])),
    schemas: Object.fromEntries(Object.entries(answers).map(([name, { schema }]) => [name, schema])),
    responses: Object.fromEntries(
      [...statuses].map(([status, names]) => [`Error${status}`, errorResponse(status, names)]),
    ),
    securitySchemes: {
      sigv4: {
        ...{ type: 'apiKey', in: 'header', name: 'Authorization' },
        description: 'AWS Signature Version 4. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      },
    },
  },
});
