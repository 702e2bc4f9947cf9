import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/record-session/handler.ts';
import type { SessionRecord } from '../../../functions/sessions/session-record.ts';
import {
  addSession,
  fault,
  newKeys as keys,
  nextName,
  startSessionHarness,
  type SessionHarness,
} from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const newQueueUrl = `https://sqs/1/stack-c${'0'.repeat(31)}`;

const input = async (session: SessionRecord | null, request: object = { accountId: 1, sessionId: 'a', userId: 7 }) => {
  const identity = { identityId: await harness.addIdentity(), nameSeed: nextName(), nextNameSeed: nextName() };
  return { request, session, identity, keys, queueUrl: session?.queueUrl ?? newQueueUrl };
};

const record = (given: object) => handle(harness.dependencies)(given);

describe('recording a new session', () => {
  test('writes everything that is to be known of it, and answers its keys', async () => {
    const given = await input(null);
    const description = await record(given);
    expect(await harness.records()).toEqual([
      {
        accountId: 1,
        sessionId: 'a',
        userId: 7,
        queueUrl: newQueueUrl,
        ...given.identity,
        expires: keys.expires,
        createdAt: harness.now() / 1000,
        version: 1,
        shard: 'c',
        route: 'u#7#a',
        ttl: 2_000_000_000 + 7 * 24 * 3600,
      },
    ]);
    expect(description).toEqual({
      accountId: 1,
      sessionId: 'a',
      userId: 7,
      sqsUrl: newQueueUrl,
      identityId: given.identity.identityId,
      ...keys,
    });
  });

  test('leaves the user out where there is none', async () => {
    const description = await record(await input(null, { accountId: 1, sessionId: 'a' }));
    expect([await harness.records(), [description]].flat().filter((each) => 'userId' in each)).toEqual([]);
    expect(await harness.records()).toMatchObject([{ route: 's#a' }]);
  });

  test('reports a conflict when somebody else was faster', async () => {
    const session = await addSession(harness);
    await expect(record(await input(null))).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await harness.records()).toEqual([session]);
  });

  test('succeeds again when its answer was lost', async () => {
    const given = await input(null);
    harness.on('after PutItem', fault('InternalServerError', 500));
    await expect(record(given)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
    expect(await record(given)).toMatchObject({ accessKey: 'ASIANEW' });
    expect(await harness.records()).toHaveLength(1);
  });

  test('answers its keys again, and until when the session lasts now, when it is repeated', async () => {
    const given = await input(null);
    const first = await record(given);
    expect(await record(given)).toEqual(first);
  });

  test('reports a conflict when it is repeated after a refresh', async () => {
    const given = await input(null);
    await record(given);
    const [written = null] = await harness.records();
    await record(await input(written));
    await expect(record(given)).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await harness.records()).toMatchObject([{ version: 2 }]);
  });
});

describe('recording a refreshed session', () => {
  test('keeps queue and age, and counts the refreshes', async () => {
    const session = await addSession(harness, { createdAt: 5, version: 4 });
    await record(await input(session));
    const { queueUrl, shard } = session;
    expect(await harness.records()).toMatchObject([{ queueUrl, shard, createdAt: 5, version: 5 }]);
  });

  test('is not stopped by a renewal meanwhile', async () => {
    const session = await addSession(harness);
    await harness.put({ ...session, expires: session.expires + 60 });
    expect(await record(await input(session))).toMatchObject(keys);
  });

  test('drops the keys of an older version', async () => {
    const session = await addSession(harness);
    const old = { ...session, secretKey: 'old' };
    await harness.put(old);
    await record(await input(session));
    expect(JSON.stringify(await harness.records())).not.toContain('old');
  });

  test('drops a user that the request does not name', async () => {
    const session = await addSession(harness, { userId: 7, route: 'u#7#a' });
    await record(await input(session, { accountId: 1, sessionId: 'a' }));
    const [written] = await harness.records();
    expect([written?.userId, written?.route]).toEqual([undefined, 's#a']);
  });

  test.each<[string, (seen: SessionRecord) => Promise<unknown>]>([
    ['refreshed', (seen) => harness.put({ ...seen, version: 2, nameSeed: nextName() })],
    ['destroyed and created again', (seen) => harness.put({ ...seen, nameSeed: nextName(), queueUrl: newQueueUrl })],
  ])('reports a conflict when the session was %s meanwhile', async (_, change) => {
    const session = await addSession(harness);
    await change(session);
    const before = await harness.records();
    await expect(record(await input(session))).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await harness.records()).toEqual(before);
  });

  test('reports a conflict when the session was destroyed meanwhile', async () => {
    const session = await addSession(harness, { sessionId: 'b' });
    const request = { accountId: 1, sessionId: 'a' };
    await expect(record(await input({ ...session, sessionId: 'a' }, request))).rejects.toMatchObject({
      name: 'SessionConflict',
    });
    expect(await harness.records()).toEqual([session]);
  });

  test('lets one of several at once win', async () => {
    const session = await addSession(harness);
    const answers = await Promise.allSettled(Array.from({ length: 10 }, async () => record(await input(session))));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await harness.records()).toMatchObject([{ version: 2 }]);
  });
});
