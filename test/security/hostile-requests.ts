import { Agent, request as open } from 'node:http';
import fc from 'fast-check';
import { text } from './hostile-texts.ts';

/** The only session of its account, and its user: what is accepted for them arrives in its queue. */
export const inbox = { accountId: 5, sessionId: 'inbox', userId: 7 } as const;

/** Posted objects and what only looks like one. */
export const bodies = [
  ...[
    '{',
    '[]',
    '"x"',
    '1',
    'null',
    '{"a":1e400}',
    '{"a":1,"a":2}',
    '{"__proto__":{"accountId":2}}',
    '{"accountId":2}',
  ],
  ...[
    '{"sessionId":"b"}',
    '{"userId":8}',
    '{"userId":"7"}',
    '{"text":"\\ud800"}',
    '{"text":"\\u0000"}',
    '\u0000',
    '\ufeff{}',
  ],
  ...[
    `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    '{"n":12345678901234567890}',
    '{"n":0.1000000000000000055511151}',
  ],
  ...['{"\\u0061ccountId":2}', '{"":0}', '{"a":"\ufffe"}', ' {"a" : 1 } ', '{"a":1}{"b":2}', '{"a":1,}', "{'a':1}"],
];

const body = fc.oneof(
  fc.constantFrom(...bodies),
  text,
  fc.json(),
  fc
    .dictionary(fc.oneof(fc.constantFrom('accountId', 'sessionId', '__proto__'), text), fc.jsonValue())
    .map((value) => JSON.stringify(value)),
);

const types = [
  ...['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'text/plain', 'application/xml', ''],
  ...['__proto__', 'application/json, text/plain', 'multipart/form-data; boundary=x', 'application/x-amz-json-1.0'],
];

/** Objects within, whose members' names may end in a backslash, are beyond what this side can read: see parseObject. */
const readableBody = body.filter((value) => !/\\\\"\s*:/.test(value.replace(/^\s*\{/, '')));

/** What Node sends as a header's value: no control characters, one byte each. */
const headerValue = text.map((value) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?'));
const headerNames = [
  ...['accept', 'cookie', 'origin', 'user-agent', 'x-forwarded-for', 'x-forwarded-host', 'x-http-method-override'],
  ...[
    'x-amz-target',
    'x-amz-date',
    'x-amz-security-token',
    'smithy-protocol',
    'x-original-url',
    'accountId',
    '__proto__',
  ],
];
const headers = fc.dictionary(
  fc.constantFrom(...headerNames),
  fc.oneof(headerValue, fc.tuple(headerValue, headerValue)),
  {
    maxKeys: 3,
  },
);

const sessionForms = ['create/A/S', 'create/A/S/U', 'renew/A/S', 'status/A/S', 'destroy/A/S'];
const notifyForms = ['notify/A', 'notify/A/session/S', 'notify/A/session/S/user/U', 'notify/A/user/U'];
const form = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...sessionForms) },
  { weight: 30, arbitrary: fc.constantFrom(...notifyForms) },
  { weight: 3, arbitrary: fc.constantFrom('status', 'status/A') },
  { weight: 1, arbitrary: fc.constant('cleanup') },
);

/** Sessions are opened in account 3, so that what is sent to account 5 has one queue to go to. */
const accountOf = (route: string): string => (route.startsWith('notify') ? '5' : '3');
const mostly = (usual: string) => fc.oneof(fc.constant(usual), fc.constant(usual), text);
const queryName = fc.oneof(
  fc.constantFrom('limit', 'nextToken', 'MessageRetentionPeriod', 'accountId', 'sessionId'),
  text,
);

export const hostileRequest = form.chain((route) =>
  fc.record({
    route: fc.constant(route),
    ids: fc.record({ A: mostly(accountOf(route)), S: mostly(inbox.sessionId), U: mostly(String(inbox.userId)) }),
    query: fc.array(fc.tuple(queryName, text), { maxLength: 3 }),
    tail: fc.constantFrom('', '', '', '', '', '', '/', '//', '/x/y/z/w'),
    method: fc.constantFrom('GET', 'POST', 'POST'),
    body: fc.option(readableBody, { nil: undefined }),
    type: fc.oneof(fc.constant('application/json'), fc.constantFrom(...types)),
    headers,
    isChunked: fc.boolean(),
  }),
);
export type HostileRequest = typeof hostileRequest extends fc.Arbitrary<infer T> ? T : never;

const encode = (value: string): string => encodeURIComponent(value.toWellFormed());

export interface Answered {
  readonly status: number;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends it byte by byte as it is; what Node itself would refuse to send has been left out. */
export const send = (url: string, input: HostileRequest): Promise<Answered> => {
  const path = input.route.replace(/[ASU]/g, (name) => encode(input.ids[name as keyof typeof input.ids]));
  const search = input.query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const content = input.body === undefined ? undefined : Buffer.from(input.body);
  const length = input.isChunked
    ? { 'transfer-encoding': 'chunked' }
    : { 'content-length': String(content?.length ?? 0) };
  const described = content === undefined ? {} : { 'content-type': input.type, ...length };
  return new Promise((resolve, reject) => {
    // Not as one URL: Node would take `.` and `..` out of its path.
    const { hostname, port } = new URL(url);
    const target = `/${path}${input.tail}${search === '' ? '' : `?${search}`}`;
    const sent = open(
      { hostname, port, path: target, method: input.method, agent, headers: { ...input.headers, ...described } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        });
      },
    );
    sent.on('error', reject);
    // Two writes are two chunks, and a chunk can end anywhere, within a character too.
    if (content && input.isChunked) sent.write(content.subarray(0, 1));
    sent.end(content && input.isChunked ? content.subarray(1) : content);
  });
};
