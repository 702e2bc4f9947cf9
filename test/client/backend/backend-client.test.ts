import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, test } from '@jest/globals';
import type { BackendClient } from '../../../client/backend/backend.ts';
import { description, FakeService, json } from './fake-service.ts';

const session = { accountId: 1, sessionId: 'a' };

/** What a call sends: method, URL and body. */
const sentBy = async (call: (client: BackendClient) => Promise<unknown>): Promise<unknown> => {
  const service = new FakeService();
  await call(service.client());
  return service.sent.map(({ method, url, body }) => [method, url.href.replace(/^.*?\/dev/, ''), body]);
};

describe('each call goes to its route', () => {
  const calls: Record<string, [(client: BackendClient) => Promise<unknown>, string, string, string?]> = {
    createSession: [(client) => client.createSession(session), 'POST', '/create/1/a'],
    'createSession of a user': [(client) => client.createSession({ ...session, userId: 7 }), 'POST', '/create/1/a/7'],
    'createSession with a retention': [
      (client) => client.createSession({ ...session, messageRetentionPeriod: 60 }),
      'POST',
      '/create/1/a?MessageRetentionPeriod=60',
    ],
    renewSession: [(client) => client.renewSession(session), 'POST', '/renew/1/a'],
    destroySession: [(client) => client.destroySession(session), 'POST', '/destroy/1/a'],
    sessionStatus: [(client) => client.sessionStatus(session), 'GET', '/status/1/a'],
    'notify of an account': [(client) => client.notify({ accountId: 1 }, { n: 1 }), 'POST', '/notify/1', '{"n":1}'],
    'notify of a user': [
      (client) => client.notify({ accountId: -1, userId: 7 }, { n: 1 }),
      'POST',
      '/notify/-1/user/7',
      '{"n":1}',
    ],
    'notify of a session': [(client) => client.notify(session, { n: 1 }), 'POST', '/notify/1/session/a', '{"n":1}'],
    'notify of a session of a user': [
      (client) => client.notify({ ...session, userId: 7 }, '{"big":12345678901234567890}'),
      'POST',
      '/notify/1/session/a/user/7',
      '{"big":12345678901234567890}',
    ],
  };
  test.each(Object.entries(calls))('%s', async (_name, [call, method, path, body]) => {
    expect(await sentBy(call)).toEqual([[method, path, body]]);
  });
});

test('takes a description for a session', async () => {
  expect(await sentBy((client) => client.renewSession(description))).toEqual([['POST', '/renew/1/a', undefined]]);
});

test.each([
  ['a/b', 'a%2Fb'],
  ['100%', '100%25'],
  ['../x', '..%2Fx'],
  ["it's (so)!*", 'it%27s%20%28so%29%21%2A'],
  ['\u{1f600}', '%F0%9F%98%80'],
  ['x'.repeat(255), 'x'.repeat(255)],
  ['\u{1f600}'.repeat(255), '%F0%9F%98%80'.repeat(255)],
])('encodes the id %p', async (sessionId, segment) => {
  expect(await sentBy((client) => client.renewSession({ accountId: 1, sessionId }))).toEqual([
    ['POST', `/renew/1/${segment}`, undefined],
  ]);
});

test.each([
  ['accountId', { ...session, accountId: 1.5 }],
  ['accountId', { ...session, accountId: 2 ** 53 }],
  ['accountId', { ...session, accountId: '1' as unknown as number }],
  ['userId', { ...session, userId: NaN }],
  ['sessionId', { ...session, sessionId: '' }],
  ['sessionId', { ...session, sessionId: '..' }],
  ['sessionId', { ...session, sessionId: '.' }],
  ['sessionId', { ...session, sessionId: 'x'.repeat(256) }],
  ['sessionId', { ...session, sessionId: '\ud800' }],
  ['messageRetentionPeriod', { ...session, messageRetentionPeriod: 59 }],
  ['messageRetentionPeriod', { ...session, messageRetentionPeriod: 0 }],
  ['messageRetentionPeriod', { ...session, messageRetentionPeriod: 1_209_601 }],
])('refuses a wrong %s before anything is sent: %j', async (field, wrong) => {
  const service = new FakeService();
  await expect(service.client().createSession(wrong)).rejects.toMatchObject({
    name: 'InvalidRequest',
    field,
    status: undefined,
    message: expect.stringContaining(`${field} is `),
  });
  expect(service.sent).toEqual([]);
});

test.each([
  ['an array', [1]],
  ['text that is no JSON', '{'],
  ['the text of a number', '1'],
  ['a text with a character SQS refuses', '{"a":"\uFFFE"}'],
  ['another account', { accountId: 2 }],
  ['a user the target does not name', { userId: 7 }],
])('refuses to notify with %s', async (_what, message) => {
  const service = new FakeService();
  await expect(service.client().notify({ accountId: 1 }, message)).rejects.toMatchObject({ name: 'InvalidRequest' });
  expect(service.sent).toEqual([]);
});

test('takes a message that repeats what the target says', async () => {
  const message = { accountId: 1, sessionId: 'a', n: 1 };
  expect(await sentBy((client) => client.notify(session, message))).toHaveLength(1);
});

test('escapes what SQS refuses in an object', async () => {
  expect(await sentBy((client) => client.notify({ accountId: 1 }, { a: '\uFFFF' }))).toEqual([
    ['POST', '/notify/1', String.raw`{"a":"\uffff"}`],
  ]);
});

test('says how large a message is that is too large, before anything is sent', async () => {
  const service = new FakeService();
  await expect(service.client().notify({ accountId: 1 }, { a: 'é'.repeat(523_264) })).rejects.toMatchObject({
    name: 'MessageTooLarge',
    bytes: 1_046_536,
    limit: 1_046_528,
  });
  expect(service.sent).toEqual([]);
});

test('counts what the target adds to a message', async () => {
  const padding = { a: 'x'.repeat(1_046_528 - 8) };
  const service = new FakeService();
  await expect(service.client().notify({ accountId: 1 }, padding)).rejects.toMatchObject({ bytes: 1_046_542 });
});

test('signs for the API in its region with the time of the clock', async () => {
  const service = new FakeService();
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' };
  await service.client({ credentials }).notify({ accountId: 1 }, { n: 1 });
  const [{ url, headers, body = '', method } = { url: '', headers: new Headers(), method: '' }] = service.sent;
  const signer = new AwsV4Signer({
    ...credentials,
    ...{ url: String(url), method, body, service: 'execute-api', region: 'eu-west-1', datetime: '20261124T000000Z' },
    headers: { 'content-type': 'application/json' },
  });
  expect(headers.get('authorization')).toBe((await signer.sign()).headers.get('authorization'));
  expect(headers.get('x-amz-security-token')).toBe('token');
});

test('gives what the API answers', async () => {
  const service = new FakeService();
  service.replies = [json(200, description), json(200, { destroyed: true })];
  expect(await service.client().createSession(session)).toEqual(description);
  await expect(service.client().destroySession(session)).resolves.toBeUndefined();
});
