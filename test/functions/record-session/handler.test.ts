import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/record-session/handler.ts';
import type { SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, newKeys as keys, nextName, startWorld, type World } from '../../tools/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const newQueueUrl = `https://sqs/1/stack-c${'0'.repeat(31)}`;

const input = async (session: SessionRecord | null, request: object = { accountId: 1, sessionId: 'a', userId: 7 }) => {
  const identity = { identityId: await world.addIdentity(), nameSeed: nextName(), nextNameSeed: nextName() };
  return { request, session, identity, keys, queueUrl: session?.queueUrl ?? newQueueUrl };
};

const record = (given: object) => handle(world.dependencies)(given);

describe('recording a new session', () => {
  test('writes everything that is to be known of it, and answers its keys', async () => {
    const given = await input(null);
    const description = await record(given);
    expect(await world.records()).toEqual([
      {
        accountId: 1,
        sessionId: 'a',
        userId: 7,
        queueUrl: newQueueUrl,
        ...given.identity,
        expires: keys.expires,
        createdAt: world.now() / 1000,
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
    expect([await world.records(), [description]].flat().filter((each) => 'userId' in each)).toEqual([]);
    expect(await world.records()).toMatchObject([{ route: 's#a' }]);
  });

  test('reports a conflict when somebody else was faster', async () => {
    const session = await addSession(world);
    await expect(record(await input(null))).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await world.records()).toEqual([session]);
  });

  test('succeeds again when its answer was lost', async () => {
    const given = await input(null);
    world.on('after PutItem', fault('InternalServerError', 500));
    await expect(record(given)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
    expect(await record(given)).toMatchObject({ accessKey: 'ASIANEW' });
    expect(await world.records()).toHaveLength(1);
  });

  test('answers its keys again, and until when the session lasts now, when it is repeated', async () => {
    const given = await input(null);
    const first = await record(given);
    expect(await record(given)).toEqual(first);
  });

  test('reports a conflict when it is repeated after a refresh', async () => {
    const given = await input(null);
    await record(given);
    const [written = null] = await world.records();
    await record(await input(written));
    await expect(record(given)).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await world.records()).toMatchObject([{ version: 2 }]);
  });
});

describe('recording a refreshed session', () => {
  test('keeps queue and age, and counts the refreshes', async () => {
    const session = await addSession(world, { createdAt: 5, version: 4 });
    await record(await input(session));
    const { queueUrl, shard } = session;
    expect(await world.records()).toMatchObject([{ queueUrl, shard, createdAt: 5, version: 5 }]);
  });

  test('is not stopped by a renewal meanwhile', async () => {
    const session = await addSession(world);
    await world.put({ ...session, expires: session.expires + 60 });
    expect(await record(await input(session))).toMatchObject(keys);
  });

  test('drops the keys of an older version', async () => {
    const session = await addSession(world);
    const old = { ...session, secretKey: 'old' };
    await world.put(old);
    await record(await input(session));
    expect(JSON.stringify(await world.records())).not.toContain('old');
  });

  test('drops a user that the request does not name', async () => {
    const session = await addSession(world, { userId: 7, route: 'u#7#a' });
    await record(await input(session, { accountId: 1, sessionId: 'a' }));
    const [written] = await world.records();
    expect([written?.userId, written?.route]).toEqual([undefined, 's#a']);
  });

  test.each<[string, (seen: SessionRecord) => Promise<unknown>]>([
    ['refreshed', (seen) => world.put({ ...seen, version: 2, nameSeed: nextName() })],
    ['destroyed and created again', (seen) => world.put({ ...seen, nameSeed: nextName(), queueUrl: newQueueUrl })],
  ])('reports a conflict when the session was %s meanwhile', async (_, change) => {
    const session = await addSession(world);
    await change(session);
    const before = await world.records();
    await expect(record(await input(session))).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await world.records()).toEqual(before);
  });

  test('reports a conflict when the session was destroyed meanwhile', async () => {
    const session = await addSession(world, { sessionId: 'b' });
    const request = { accountId: 1, sessionId: 'a' };
    await expect(record(await input({ ...session, sessionId: 'a' }, request))).rejects.toMatchObject({
      name: 'SessionConflict',
    });
    expect(await world.records()).toEqual([session]);
  });

  test('lets one of several at once win', async () => {
    const session = await addSession(world);
    const answers = await Promise.allSettled(Array.from({ length: 10 }, async () => record(await input(session))));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.records()).toMatchObject([{ version: 2 }]);
  });
});
