import { errors, type ErrorName } from '../../../client/shared/errors.ts';
import { parameters, type ParameterName } from '../../../client/shared/parameters.ts';
import { publishLimits } from '../../../client/shared/publish.ts';
import { routes, type Route } from '../routes.ts';
import { answers, errorExample } from './answers.ts';
import { eventSchema, publishExample } from './events.ts';
import { errorNames, parameterNames } from './names.ts';

const code = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
const json = (value: object): string => code('json', JSON.stringify(value, undefined, 2));

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const valueOf = (name: ParameterName): string => {
  const { schema } = parameters[name];
  if (schema.type === 'integer') return `an integer from ${schema.minimum} to ${schema.maximum}`;
  return 'maxLength' in schema ? `a text of ${schema.minLength} to ${schema.maxLength} characters` : 'a text';
};

const describeEvents = `Takes, with POST only, a JSON object with \`events\`, an array of 1 to ${publishLimits.events} of them:

${json(publishExample)}

| member | value | what it is |
| --- | --- | --- |
| \`message\` | a JSON object | ${eventSchema.properties.message.description} |
| \`idempotencyKey\` | a text of 1 to ${publishLimits.keyLength} characters, optional | ${eventSchema.properties.idempotencyKey.description} |

A wrong event holds up no other: each has its result, and the status of the answer is 200. The request as a whole is refused when it is
no such object, and with 413 when its body is too large: as text within JSON, where each quote, slash and backslash takes two bytes and
each character outside ASCII six or twelve, it may have ${publishLimits.bodyBytes.toLocaleString('en')} bytes, which are 4 to 5 MB of usual JSON.`;

const describeInput = (takes: NonNullable<Route['takes']>): string[] => {
  if (takes === 'events') return [describeEvents];
  if (takes === 'message') return ['Takes, beside the path: a JSON object, the message; with GET, the query string.'];
  return takes.length === 0 ? [] : [`Takes, beside the path: ${takes.map((name) => `\`${name}\``).join(', ')}.`];
};

const describeRoute = (route: Route): string => {
  const { path, summary, takes = [], answer } = route;
  return [`### \`${path}\``, summary, ...describeInput(takes), `Answers [${answer}](#${answer.toLowerCase()}).`].join(
    '\n\n',
  );
};

const describeError = (name: ErrorName): string[] => {
  const { status, when, remedy, members } = errors[name];
  return [
    String(status),
    `\`${name}\``,
    members.map((member) => `\`${member}\``).join(', '),
    `${when} To do: ${remedy.replaceAll('](docs/', '](')}.`,
  ];
};

const head = `# The HTTP API

<!-- Made of the table of routes by infra/session-api/description/write.ts: do not edit. -->

How a backend in any language opens sessions for pages and sends them messages. [openapi.yaml](openapi.yaml) describes the same for
programs (OpenAPI 3.1); the local service has it at \`/openapi.json\`.

On AWS every request is signed with IAM credentials (Signature Version 4, service \`execute-api\`) that may
\`execute-api:Invoke\` on the route; the AWS SDK of most languages can do that. [examples/python](../examples/python/backend.py) and
[examples/go](../examples/go/main.go) are whole backends. For Node there is [a client](backend.md). The service on your machine
(\`npm start\`) answers unsigned requests too:`;

const tryIt = `curl -X POST http://127.0.0.1:4000/create/12345/my-session/7
curl -H 'Content-Type: application/json' -d '{"type":"invoice.paid","total":1299}' http://127.0.0.1:4000/notify/12345/user/7
curl -H 'Content-Type: application/json' -d '{"events":[{"message":{"accountId":12345,"userId":7,"type":"invoice.paid"}}]}' \\
  http://127.0.0.1:4000/publish
curl -X POST http://127.0.0.1:4000/destroy/12345/my-session`;

const rules = `Every route but \`/publish\` answers POST, with or without a JSON object as the body, and GET. A parameter that a route does not have is refused, with
the right name if it looks like one.`;

/** The API's description for people, docs/api.md. */
export const describeInMarkdown = (): string =>
  [
    head,
    code('sh', tryIt),
    rules,
    '## Parameters',
    table(
      ['parameter', 'value', 'what it is'],
      parameterNames.map((name) => [`\`${name}\``, valueOf(name), parameters[name].description]),
    ),
    '## Routes',
    ...routes.map(describeRoute),
    '## Answers',
    ...Object.entries(answers).map(([name, { description, example }]) =>
      [`### ${name}`, description, json(example)].join('\n\n'),
    ),
    '## Errors',
    'An answer that is not a success is an object with `error`, the name, `message`, a text for people, and members for programs.',
    table(['status', 'error', 'members', 'when'], errorNames.map(describeError)),
    json(errorExample('InvalidRequest')),
  ].join('\n\n') + '\n';
