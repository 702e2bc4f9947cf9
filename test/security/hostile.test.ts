import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { World } from '../lifecycle/world.ts';
import { hostileRuns, hostileSeed, text } from './hostile-texts.ts';

const world = await World.start({ cleanupEvery: 86_400 });
afterAll(() => world[Symbol.asyncDispose]());
const { url } = world.runtime;
// Neighbours that no input may reach.
const other = await world.create(2, 'a');

/** Requests cost milliseconds where a rendered template costs microseconds. */
const runs = Math.min(hostileRuns, 300);
const atOnce = 16;

const number = fc.oneof(fc.constant('1'), fc.constant('1'), text);
const bodies = [
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
    '{"text":"\\ud800"}',
    `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    '\u0000',
    '{"n":12345678901234567890}',
  ],
];
const body = fc.oneof(fc.constant(undefined), fc.constantFrom(...bodies), text, fc.json());
const type = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/xml',
  '',
);
const forms = ['create/A/S', 'create/A/S/U', 'renew/A/S', 'status/A/S', 'status', 'status/A', 'destroy/A/S', 'cleanup'];
const notifyForms = ['notify/A', 'notify/A/session/S', 'notify/A/session/S/user/U', 'notify/A/user/U'];
const request = fc.record({
  form: fc.constantFrom(...forms, ...notifyForms),
  ids: fc.record({ A: number, S: text, U: number }),
  query: fc.option(fc.tuple(fc.oneof(fc.constantFrom('limit', 'nextToken', 'MessageRetentionPeriod'), text), text)),
  body,
  type,
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const encode = (value: string): string => encodeURIComponent(value.toWellFormed());

const send = async ({ form, ids, query, body: content, type: contentType }: Request) => {
  const path = form.replace(/[ASU]/g, (name) => encode(ids[name as keyof typeof ids]));
  const search = query ? `?${encode(query[0])}=${encode(query[1])}` : '';
  const posted = { method: 'POST', body: content ?? '', headers: { 'content-type': contentType } };
  const response = await fetch(`${url}/${path}${search}`, content === undefined ? {} : posted);
  return { status: response.status, text: await response.text() };
};

const errorShape = { error: expect.stringMatching(/^\w+$/), message: expect.any(String) };

const check = async (input: Request): Promise<void> => {
  const { status, text: answer } = await send(input);
  const json = JSON.parse(answer) as Record<string, unknown>;
  if (status !== 200) {
    expect([400, 403, 404, 405, 409, 413, 415]).toContain(status);
    expect(json).toEqual(errorShape);
  } else if (/^(?:create|renew|status)\/A\/S/.test(input.form) && 'accessKey' in json) {
    expect(json).toMatchObject({ accountId: Number(input.ids.A), sessionId: input.ids.S.toWellFormed() });
  }
};

test('no request gets a 5xx, another session or an answer of another shape', async () => {
  const batch = fc.array(request, { minLength: atOnce, maxLength: atOnce });
  const property = fc.asyncProperty(batch, async (inputs) => {
    await Promise.all(inputs.map(check));
  });
  const seed = hostileSeed();
  await fc.assert(property, {
    numRuns: Math.ceil(runs / atOnce),
    seed,
    endOnFailure: true,
  });
  expect((await world.call('/status/2/a')).body).toEqual(other);
});
