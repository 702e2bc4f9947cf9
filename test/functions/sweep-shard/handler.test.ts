import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/sweep-shard/handler.ts';
import { newQueueName } from '../../../functions/sessions/queues.ts';
import { shardOf, shards, type SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addUp, type SweepResult } from '../../../functions/cleanup/sweep-result.ts';
import {
  addSession,
  fault,
  nextName,
  startSessionHarness,
  subject,
  type SessionHarness,
} from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

/** 1 s longer ago than the grace period. */
const longAgo = -601;

/** The table has been in use for long. */
const history = { restored: false, since: 0, settled: true };

const sweep = (shard: string, deadline = 9e15): Promise<SweepResult> =>
  handle(harness.dependencies, harness.environment)({ shard, deadline, ...history });

/** Sweeps every shard. */
const sweepAll = async (): Promise<SweepResult> => {
  const results: SweepResult[] = [];
  for (const shard of shards) results.push(await sweep(shard));
  return addUp(results);
};

/** A queue no session has, made so many seconds ago. */
const addOrphan = async ({ age = -longAgo, name = newQueueName('stack', nextName()) } = {}): Promise<string> =>
  harness.addQueue(name, { Policy: JSON.stringify(subject(await harness.addIdentity())) }, age);

/** As many queues of others in a shard as fit on a page of ListQueues. */
const fillPage = async (shard: string): Promise<void> => {
  for (let n = 0; n < 1000; n += 1) await harness.addQueue(`stack-${shard}-of-others-${n}`);
};

const left = async () => ({ queues: await harness.queueUrls(), identities: await harness.identities() });

const shardOfSession = ({ queueUrl }: SessionRecord) => shardOf(queueUrl);

describe('the sweep of a shard', () => {
  test('removes expired sessions with their queues and identities', async () => {
    await addSession(harness, { expiresIn: longAgo });
    expect(await sweepAll()).toEqual({ sessionsRemoved: 1, queuesRemoved: 1, identitiesRemoved: 1, complete: true });
    expect([await harness.records(), await left()]).toEqual([[], { queues: [], identities: [] }]);
  });

  test('touches no other shard', async () => {
    const session = await addSession(harness, { expiresIn: longAgo });
    for (const shard of shards.filter((each) => each !== shardOfSession(session))) await sweep(shard);
    expect(await harness.records()).toEqual([session]);
  });

  test.each([3600, 1, 0, -1, -600])('keeps a session that expires in %d seconds', async (expiresIn) => {
    const session = await addSession(harness, { expiresIn });
    expect(await sweep(shardOfSession(session))).toMatchObject({ sessionsRemoved: 0, complete: true });
    expect(await harness.records()).toEqual([session]);
    expect(await left()).toEqual({ queues: [session.queueUrl], identities: [session.identityId] });
  });

  test('removes old queues that no session has, with their identities', async () => {
    await addOrphan();
    expect(await sweepAll()).toEqual({ sessionsRemoved: 0, queuesRemoved: 1, identitiesRemoved: 1, complete: true });
    expect(await left()).toEqual({ queues: [], identities: [] });
  });

  test('keeps a queue that was made within the grace period', async () => {
    const url = await addOrphan({ age: 600 });
    expect(await sweepAll()).toMatchObject({ queuesRemoved: 0, complete: true });
    expect((await left()).queues).toEqual([url]);
  });

  test('removes a queue whose policy is none of ours, and no identity for it', async () => {
    const name = newQueueName('stack', nextName());
    await harness.addQueue(name, {}, 601);
    expect(await sweepAll()).toEqual({ sessionsRemoved: 0, queuesRemoved: 1, identitiesRemoved: 0, complete: true });
  });

  test('never touches another stack’s queues', async () => {
    const names = shards.flatMap((shard) => [
      `stack-${shard}`,
      `stack-${shard}-queue`,
      newQueueName(`stack-${shard}`, nextName()),
      `stack-${shard}${'0'.repeat(40)}`,
      newQueueName('stack2', nextName()),
    ]);
    for (const name of names) await addOrphan({ name });
    expect(await sweepAll()).toMatchObject({ queuesRemoved: 0, complete: true });
    expect((await left()).queues).toHaveLength(names.length);
    expect(harness.count('GetQueueAttributes')).toBe(0);
  });

  test('finds orphans on every page', async () => {
    const addSome = async (first: number): Promise<void> => {
      for (let n = first; n < first + 10; n += 1) await addOrphan({ name: `stack-7${String(n).padStart(31, '0')}` });
    };
    await addSome(0);
    await fillPage('7');
    await addSome(10);
    expect(await sweep('7')).toMatchObject({ queuesRemoved: 20, complete: true });
    expect((await left()).queues).toHaveLength(1000);
    // Two pages of the prefix, and one of the former prefix.
    expect(harness.count('ListQueues')).toBe(3);
  });
});

describe('a sweep in a race', () => {
  test.each<[string, Partial<SessionRecord>]>([
    ['renewed', { expires: 2_000_000_000 }],
    ['refreshed', { expires: 2_000_000_000, nameSeed: 'new', version: 2 }],
    ['replaced by a new one', { queueUrl: 'https://sqs/1/other' }],
  ])('keeps a session that is %s meanwhile', async (_, change) => {
    const session = await addSession(harness, { expiresIn: longAgo });
    harness.on('after Query', async () => {
      await harness.put({ ...session, ...change });
    });
    expect(await sweep(shardOfSession(session))).toMatchObject({ sessionsRemoved: 0, identitiesRemoved: 0 });
    expect(await harness.records()).toEqual([{ ...session, ...change }]);
    expect(await harness.identities()).toContain(session.identityId);
  });

  test('keeps a queue whose session the index shows only the second time', async () => {
    const session = await addSession(harness, { queueAge: 601 });
    await harness.put({ ...session, shard: 'x' });
    harness.on('before GetQueueAttributes', async () => {
      await harness.put(session);
    });
    expect(await sweep(shardOfSession(session))).toMatchObject({ queuesRemoved: 0, complete: true });
    expect((await left()).queues).toEqual([session.queueUrl]);
  });

  test('removes everything once when two sweeps run at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => addSession(harness, { sessionId: `s${n}`, expiresIn: longAgo })),
    );
    for (let n = 0; n < 20; n += 1) await addOrphan();
    const results = await Promise.all([sweepAll(), sweepAll()]);
    expect(addUp(results)).toMatchObject({ sessionsRemoved: 20, complete: true });
    expect([await harness.records(), await left()]).toEqual([[], { queues: [], identities: [] }]);
  });

  test('finds what an earlier sweep was stopped at', async () => {
    const session = await addSession(harness, { expiresIn: longAgo, queueAge: 601 });
    harness.on('before DeleteQueue', fault('InternalError', 500));
    harness.on('before DeleteIdentities', fault('NotAuthorizedException', 403));
    const shard = shardOfSession(session);
    expect(await sweep(shard)).toEqual({ sessionsRemoved: 1, queuesRemoved: 0, identitiesRemoved: 0, complete: false });
    expect(await sweep(shard)).toEqual({ sessionsRemoved: 0, queuesRemoved: 1, identitiesRemoved: 1, complete: true });
    expect(await left()).toEqual({ queues: [], identities: [] });
  });
});

describe('a sweep that is short of time', () => {
  test('begins nothing after its deadline', async () => {
    const session = await addSession(harness, { expiresIn: longAgo });
    const before = harness.calls.length;
    expect(await sweep(shardOfSession(session), harness.now())).toMatchObject({
      sessionsRemoved: 0,
      complete: false,
    });
    expect(harness.calls).toHaveLength(before);
  });

  test('deletes the identities of what it removed, and the next one goes on', async () => {
    const queueUrl = `https://sqs/123456789012/stack-7${'0'.repeat(31)}`;
    const some = Array.from({ length: 90 }, (_, n) =>
      addSession(harness, { sessionId: `s${n}`, expiresIn: longAgo, shard: '7', queueUrl }),
    );
    await Promise.all(some);
    harness.on('before DeleteItem', () => undefined, 69);
    harness.on('before DeleteItem', () => {
      harness.clock.advance(1000);
    });
    const first = await sweep('7', harness.now() + 1000);
    expect(first).toMatchObject({ complete: false });
    expect(first.sessionsRemoved).toBeGreaterThanOrEqual(70);
    expect(first.sessionsRemoved).toBeLessThan(90);
    expect(first.identitiesRemoved).toBe(first.sessionsRemoved);
    expect(await sweep('7')).toMatchObject({ sessionsRemoved: 90 - first.sessionsRemoved, complete: true });
    expect((await left()).identities).toEqual([]);
  });

  test.each([
    ['ListQueues', 2000],
    ['GetQueueAttributes', 7000],
  ] as const)('keeps the orphans when %s takes too long', async (action, milliseconds) => {
    const url = await addOrphan();
    await fillPage(shardOf(url));
    harness.on(`before ${action}`, () => {
      harness.clock.advance(milliseconds);
    });
    const result = await sweep(shardOf(url), harness.now() + 1000);
    expect(result).toMatchObject({ queuesRemoved: 0, complete: false });
    expect((await left()).queues).toContain(url);
  });

  test('looks at no queue in vain', async () => {
    for (let n = 0; n < 150; n += 1) await addOrphan({ name: `stack-7${String(n).padStart(31, '0')}` });
    harness.on('before GetQueueAttributes', () => undefined, 60);
    harness.on('before GetQueueAttributes', () => {
      harness.clock.advance(2000);
    });
    expect(await sweep('7', harness.now() + 1000)).toMatchObject({ queuesRemoved: 120, complete: false });
    expect(await sweep('7')).toMatchObject({ queuesRemoved: 30, complete: true });
    expect([harness.count('GetQueueAttributes'), harness.count('DeleteQueue')]).toEqual([150, 150]);
  });
});

describe('a sweep that meets failures', () => {
  test('goes on with the others and says that it is not complete', async () => {
    await Promise.all(
      Array.from({ length: 5 }, (_, n) => addSession(harness, { sessionId: `s${n}`, expiresIn: longAgo, shard: '7' })),
    );
    harness.on('before DeleteItem', fault('InternalServerError', 500));
    expect(await sweep('7')).toEqual({ sessionsRemoved: 4, queuesRemoved: 4, identitiesRemoved: 4, complete: false });
    expect(harness.log.lines).toContainEqual({
      level: 'warn',
      code: 'SWEEP_STEP_FAILED',
      fields: { failure: 'UpstreamUnavailable' },
    });
  });

  test.each([
    ['Query', 'ThrottlingException', 'Throttled'],
    ['ListQueues', 'AccessDenied', 'UpstreamFailed'],
  ])('fails when %s does', async (action, code, name) => {
    harness.on(`before ${action}`, fault(code));
    await expect(sweep('0')).rejects.toMatchObject({ name });
  });

  test('logs what it came to', async () => {
    await sweep('5');
    const nothing = { sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: true };
    expect(harness.log.lines).toEqual([{ level: 'info', code: 'SHARD_SWEPT', fields: { shard: '5', ...nothing } }]);
  });
});

test('a sweep makes two calls for a session or queue, and few besides', async () => {
  const live = await Promise.all(Array.from({ length: 50 }, (_, n) => addSession(harness, { sessionId: `live${n}` })));
  await Promise.all(
    Array.from({ length: 150 }, (_, n) => addSession(harness, { sessionId: `s${n}`, expiresIn: longAgo })),
  );
  for (let n = 0; n < 100; n += 1) await addOrphan();
  const before = harness.calls.length;
  expect(await sweepAll()).toEqual({
    sessionsRemoved: 150,
    queuesRemoved: 250,
    identitiesRemoved: 250,
    complete: true,
  });
  const calls = harness.calls.slice(before).map(({ action }) => action);
  const pages = calls.filter((action) => ['Query', 'Scan', 'ListQueues', 'DeleteIdentities'].includes(action));
  expect(calls.length - pages.length).toBe(2 * (150 + 100));
  expect(pages.length).toBeLessThanOrEqual(7 * 16);
  expect((await left()).queues.sort()).toEqual(live.map(({ queueUrl }) => queueUrl).sort());
});
