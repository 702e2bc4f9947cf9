import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/find-session/handler.ts';
import { listedSession } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeAll(async () => {
  harness = await startSessionHarness();
});

afterAll(() => harness.stop());

const find = (request: object, expected = 'any', state: unknown = request) =>
  handle(harness.dependencies)({ request, state, expect: expected });

describe('finding a session', () => {
  test('answers the record, its description and the checked request', async () => {
    const session = await addSession(harness, { accountId: 12, sessionId: 'found', userId: 7 });
    expect(await find({ accountId: '12', sessionId: 'found', userId: '7', extra: 1 })).toEqual({
      request: { accountId: 12, sessionId: 'found', userId: 7 },
      session,
      description: listedSession(session),
      identityGone: false,
      attempt: 1,
    });
  });

  test('answers nulls when there is none and none is expected', async () => {
    const request = { accountId: 1, sessionId: 'none' };
    expect(await find(request)).toEqual({ request, session: null, description: null, identityGone: false, attempt: 1 });
  });

  test('does not describe a session whose keys have expired', async () => {
    const session = await addSession(harness, { sessionId: 'expired', expiresIn: 0 });
    const found = await find({ accountId: 1, sessionId: 'expired' }, 'present');
    expect([found.session, found.description]).toEqual([session, null]);
  });

  test('describes a session until the last second', async () => {
    await addSession(harness, { sessionId: 'last', expiresIn: 1 });
    expect((await find({ accountId: 1, sessionId: 'last' }, 'active')).description?.sessionId).toBe('last');
  });

  test.each(['present', 'active'])('fails without a session when one must be %s', async (expected) => {
    await expect(find({ accountId: 1, sessionId: 'none' }, expected)).rejects.toMatchObject({
      name: 'SessionNotFound',
      message: 'Account 1 has no session "none"',
    });
  });

  test('fails for an expired session when one must be active', async () => {
    await addSession(harness, { sessionId: 'old', expiresIn: -1 });
    await expect(find({ accountId: 1, sessionId: 'old' }, 'active')).rejects.toMatchObject({ name: 'SessionNotFound' });
  });

  test('reads what was written last', async () => {
    await find({ accountId: 1, sessionId: 'x' });
    expect(harness.calls.at(-1)?.parameters).toMatchObject({ ConsistentRead: true });
  });

  test('refuses a request before it reads anything', async () => {
    const before = harness.calls.length;
    await expect(find({ accountId: '1.0', sessionId: 'a' })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(find({ accountId: 1, sessionId: 'a', body: '[]' })).rejects.toThrow('body is "[]"');
    expect(harness.calls).toHaveLength(before);
  });

  test('passes throttling on', async () => {
    harness.on('before GetItem', fault('ProvisionedThroughputExceededException'));
    await expect(find({ accountId: 1, sessionId: 'a' })).rejects.toMatchObject({ name: 'Throttled' });
  });

  test.each(['a/b', 'quote\'"', '@@', '\0', '😀'.repeat(255), 'ß'.repeat(255), '__proto__'])(
    'finds the id %j',
    async (id) => {
      const session = await addSession(harness, { accountId: 2, sessionId: id, userId: -9007199254740991 });
      expect((await find({ accountId: 2, sessionId: id })).session).toEqual(session);
    },
  );
});

describe('the attempts', () => {
  const request = { accountId: 1, sessionId: 'a' };

  test('are counted in the machine’s own data', async () => {
    expect((await find(request, 'any', { request, session: null, attempt: 2, failure: {} })).attempt).toBe(3);
  });

  test.each([
    { attempt: 2 },
    { request, session: null, attempt: -5 },
    { request: {}, session: null, attempt: 2 },
    { request, session: null, attempt: '2' },
    { request, attempt: 2 },
    null,
  ])('begin with the first when a caller sends %j', async (state) => {
    expect((await find(request, 'any', state)).attempt).toBe(1);
  });
});

describe('a session that is as it was before a conflict', () => {
  const request = { accountId: 3, sessionId: 'same' };
  const state = async () => ({ request, session: await addSession(harness, request), attempt: 1 });

  test('has lost its identity', async () => {
    expect(await find(request, 'any', await state())).toMatchObject({ identityGone: true, attempt: 2 });
  });

  test.each(['present', 'active'])('is none when one must be %s', async (expected) => {
    await expect(find(request, expected, await state())).rejects.toMatchObject({ name: 'SessionNotFound' });
  });

  test('has its identity when it was refreshed in between', async () => {
    const { session, ...rest } = await state();
    await harness.put({ ...session, nameSeed: 'other' });
    expect(await find(request, 'present', { ...rest, session })).toMatchObject({ identityGone: false, attempt: 2 });
  });
});
