import { describe, expect, test } from '@jest/globals';
import { BackendClient } from '../../../client/backend/backend.ts';
import { broken, description, FakeService, json } from './fake-service.ts';

const session = { accountId: 1, sessionId: 'a' };
const upstream = (): Response => json(502, { error: 'UpstreamFailed', message: 'Down' });
const throttled = (seconds: number): Response =>
  json(429, { error: 'Throttled', message: 'Slowly' }, { 'retry-after': String(seconds) });
const conflict = (): Response => json(409, { error: 'SessionConflict', message: 'Others' });
const notFound = (): Response => json(404, { error: 'SessionNotFound', message: 'Gone' });
const notified = { messageId: 'm', sessions: 1, delivered: 1 };

const withReplies = (...replies: FakeService['replies']): FakeService => Object.assign(new FakeService(), { replies });

test.each([
  ['429', () => throttled(0)],
  ['502', upstream],
  ['409', conflict],
  ['504', () => json(504, { error: 'TimedOut', message: 'Late' })],
  ['a broken connection', () => broken('ECONNRESET')],
  ['a name that is not found for the moment', () => broken('EAI_AGAIN')],
])('tries again after %s', async (_what, reply) => {
  const service = withReplies(reply());
  expect(await service.client().createSession(session)).toEqual(description);
  expect(service.sent).toHaveLength(2);
});

test.each([
  ['400', json(400, { error: 'InvalidRequest', message: 'No' })],
  ['403', json(403, { error: 'AccessDenied', message: 'No' })],
  ['404', notFound()],
  ['413', json(413, { error: 'MessageTooLarge', message: 'No' })],
])('does not try again after %s', async (_what, reply) => {
  const service = withReplies(reply);
  await expect(service.client().createSession(session)).rejects.toThrow();
  expect(service.sent).toHaveLength(1);
});

test('gives up after as many attempts as it may make', async () => {
  const service = withReplies(upstream(), upstream(), upstream(), upstream());
  await expect(service.client({ attempts: 3 }).renewSession(session)).rejects.toMatchObject({
    name: 'UpstreamFailed',
  });
  expect(service.sent).toHaveLength(3);
});

test('waits as the policy says, and for what Retry-After asks on top', async () => {
  const service = withReplies(upstream(), throttled(7), upstream());
  await service.client().renewSession(session);
  const times = service.sent.map(({ time }) => time - (service.sent[0]?.time ?? 0));
  expect(times).toEqual([0, 100, 100 + 7_000 + 200, 100 + 7_200 + 300]);
});

test('is not kept waiting for longer than half a minute', async () => {
  const service = withReplies(throttled(31));
  await expect(service.client().renewSession(session)).rejects.toMatchObject({ retryAfter: 31 });
  expect(service.sent).toHaveLength(1);
});

test('waits at random by itself, ever longer', async () => {
  const service = withReplies(upstream(), upstream(), upstream());
  const { environment, waits } = service;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new BackendClient({ apiUrl: 'http://localhost', region: 'us-east-1', credentials, environment });
  await client.renewSession(session);
  expect(waits).toHaveLength(3);
  waits.forEach((wait, index) => {
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThan(200 * 2 ** index);
  });
});

describe('notify', () => {
  test.each([
    ['502', upstream],
    ['504', () => json(504, { error: 'TimedOut', message: 'Late' })],
    ['a broken connection', () => broken('ECONNRESET')],
  ])('is not sent again after %s, which leaves open whether it was sent', async (_what, reply) => {
    const service = withReplies(reply());
    await expect(service.client().notify(session, {})).rejects.toMatchObject({ transient: true });
    expect(service.sent).toHaveLength(1);
  });

  test.each([
    ['429', () => throttled(0)],
    ['a refused connection', () => broken('ECONNREFUSED')],
  ])('is sent again after %s, when nothing was sent', async (_what, reply) => {
    const service = withReplies(reply(), json(200, notified));
    expect(await service.client().notify(session, {})).toEqual(notified);
  });

  test('is sent again after anything transient when that is asked for', async () => {
    const service = withReplies(upstream(), json(200, notified));
    const call = service.client().notify(session, {}, { atLeastOnce: true });
    expect(await call).toEqual(notified);
  });
});

describe('destroySession', () => {
  test('takes it for done when an earlier attempt may have done it', async () => {
    const service = withReplies(broken('ECONNRESET'), notFound());
    await expect(service.client({ attempts: 2 }).destroySession(session)).resolves.toBeUndefined();
  });

  test.each([
    ['at first', []],
    ['after an attempt that did nothing', [throttled(0), conflict()]],
  ])('says that there is no session %s', async (_when, replies) => {
    const service = withReplies(...replies, notFound());
    await expect(service.client().destroySession(session)).rejects.toMatchObject({
      name: 'SessionNotFound',
    });
  });
});

describe('an abort signal', () => {
  const reason = new Error('The user has left');

  test('that is aborted sends nothing', async () => {
    const service = new FakeService();
    const call = service.client().renewSession(session, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(service.sent).toEqual([]);
  });

  test.each([
    ['a request', 'silent' as const],
    ['a wait', upstream()],
  ])('ends %s with its reason', async (_what, reply) => {
    const service = withReplies(reply);
    service.standsStill = true;
    const control = new AbortController();
    const waiting = service.waiting();
    const outcome = expect(service.client().renewSession(session, { signal: control.signal })).rejects.toBe(reason);
    await waiting;
    expect(service.sent).toHaveLength(1);
    control.abort(reason);
    await outcome;
    expect(service.pending).toBe(0);
  });
});

describe('a clock that is off', () => {
  const refused = (service: FakeService, ahead: number): Response =>
    json(403, { error: 'AccessDenied', message: 'Signature' }, { date: new Date(service.time + ahead).toUTCString() });

  test('is corrected by the date of a refusal, and stays so', async () => {
    const service = new FakeService();
    service.replies = [refused(service, 3_600_000)];
    const client = service.client({ attempts: 1 });
    await client.renewSession(session);
    await client.renewSession(session);
    const dates = service.sent.map(({ headers }) => headers.get('x-amz-date'));
    expect(dates).toEqual(['20261124T000000Z', '20261124T010000Z', '20261124T010000Z']);
  });

  test('is not blamed for a refusal when it is right', async () => {
    const service = new FakeService();
    service.replies = [refused(service, 2_000)];
    await expect(service.client().renewSession(session)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(service.sent).toHaveLength(1);
  });
});
