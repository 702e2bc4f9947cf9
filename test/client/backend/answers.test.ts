import { describe, expect, test } from '@jest/globals';
import * as backend from '../../../client/backend/backend.ts';
import { errors, type ErrorMembers, type ErrorName } from '../../../client/shared/errors.ts';
import { broken, FakeService, json } from './fake-service.ts';

const session = { accountId: 1, sessionId: 'a' };

const failure = async (reply: FakeService['replies'][number]): Promise<unknown> => {
  const service = new FakeService();
  service.replies = [reply];
  try {
    return await service.client({ attempts: 1 }).renewSession(session);
  } catch (error) {
    return error;
  }
};

test.each(Object.entries(errors))('%s is a class of that name', async (name, { status, transient }) => {
  const error = await failure(json(status, { error: name, message: 'Why' }, { 'x-amzn-requestid': 'id' }));
  expect(error).toBeInstanceOf(backend[name as ErrorName]);
  expect(error).toBeInstanceOf(backend.SqsBrowserError);
  expect(error).toMatchObject({ name, status, message: 'Why', transient, requestId: 'id' });
});

/** A value of each member that an answer may have. */
const members: Required<ErrorMembers> = { field: 'accountId', bytes: 300_000, limit: 204_800 };

test.each(Object.entries(errors))('%s has the members of the answer', async (name, definition) => {
  const given = Object.fromEntries(definition.members.map((member) => [member, members[member]]));
  expect(await failure(json(definition.status, { error: name, message: 'Why', ...given }))).toMatchObject(given);
});

test('a member that is missing is undefined, whatever the message says', async () => {
  const message = 'accountId is "x", but must be an integer';
  const error = await failure(json(400, { error: 'InvalidRequest', message, field: 7 }));
  expect(error).toMatchObject({ name: 'InvalidRequest', message, field: undefined });
});

test('API Gateway’s own 413 is MessageTooLarge', async () => {
  const error = await failure(json(413, { message: 'Request Too Long' }));
  expect(error).toMatchObject({ name: 'MessageTooLarge', message: 'Request Too Long', status: 413, bytes: undefined });
});

test.each([
  ['7', 7],
  ['Tue, 24 Nov 2026 00:00:30 GMT', 30],
  ['Tue, 24 Nov 2020 00:00:30 GMT', 0],
  ['soon', 0],
])('Throttled knows for how long, by Retry-After: %s', async (value, retryAfter) => {
  const reply = json(429, { error: 'Throttled', message: 'Slowly' }, { 'retry-after': value });
  expect(await failure(reply)).toMatchObject({ name: 'Throttled', retryAfter });
});

test('a 5xx of something in between is UpstreamFailed', async () => {
  const reply = new Response('<html>Bad gateway', { status: 503 });
  expect(await failure(reply)).toMatchObject({ name: 'UpstreamFailed', status: 503 });
});

test.each([
  ['a redirect', new Response(null, { status: 302, headers: { location: 'https://example.com' } })],
  ['a page', new Response('<html>Hello', { status: 200 })],
  ['a list', json(200, [])],
  ['an unknown error', json(418, { error: 'constructor', message: 'I am a teapot' })],
])('%s is an UnexpectedAnswer', async (_what, reply) => {
  expect(await failure(reply)).toMatchObject({ name: 'UnexpectedAnswer', transient: false, status: reply.status });
});

describe('without an answer', () => {
  test('a connection that cannot be made says so', async () => {
    const error = await failure(broken('ECONNREFUSED'));
    expect(error).toMatchObject({ name: 'ConnectionFailed', unsent: true, status: undefined });
    expect(error).toMatchObject({
      message: expect.stringMatching(/^The connection to https:\/\/abc\S+ failed: connect ECONNREFUSED$/),
      cause: expect.any(TypeError),
    });
  });

  test('a connection that breaks leaves open what was done', async () => {
    expect(await failure(broken('ECONNRESET'))).toMatchObject({ name: 'ConnectionFailed', unsent: false });
  });

  test('an attempt takes no longer than it may', async () => {
    const service = new FakeService();
    service.replies = ['hangs'];
    const began = service.time;
    await expect(service.client({ attempts: 1, timeout: 2_000 }).renewSession(session)).rejects.toMatchObject({
      name: 'TimedOut',
      message: 'No answer came within 2000 ms',
    });
    expect(service.time - began).toBe(2_000);
  });

  test('a call may be given a time of its own', async () => {
    const service = new FakeService();
    service.replies = ['hangs'];
    const call = service.client({ attempts: 1 }).renewSession(session, { timeout: 500 });
    await expect(call).rejects.toThrow('No answer came within 500 ms');
  });

  test('nothing is left running', async () => {
    const service = new FakeService();
    await service.client().renewSession(session);
    expect(service.pending).toBe(0);
  });
});

test('sessionStatus of no session is undefined', async () => {
  const service = new FakeService();
  service.replies = [json(404, { error: 'SessionNotFound', message: 'Gone' })];
  expect(await service.client().sessionStatus(session)).toBeUndefined();
});

test('no error shows a key', async () => {
  const service = new FakeService();
  service.replies = [json(403, { error: 'AccessDenied', message: 'No' })];
  const credentials = { accessKeyId: 'AKIAsecret', secretAccessKey: 'verysecret', sessionToken: 'tokensecret' };
  const error = await service
    .client({ credentials })
    .renewSession(session)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(backend.AccessDenied);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/secret/);
});
