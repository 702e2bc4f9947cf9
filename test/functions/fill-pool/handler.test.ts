import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle, handler } from '../../../functions/fill-pool/handler.ts';
import { newQueueName, queueNameOf } from '../../../functions/sessions/queues.ts';
import { generationOf, readFree, takePair } from '../../../functions/sessions/pairs.ts';
import { FakeMeasures } from '../../tools/measures.ts';
import {
  environment,
  fault,
  nameOf,
  nextName,
  startSessionHarness,
  type Hook,
  type SessionHarness,
} from '../../tools/session-harness.ts';

let harness: SessionHarness;
let measures: FakeMeasures;

beforeEach(async () => {
  harness = await startSessionHarness({ quotas: {} });
  measures = new FakeMeasures();
});

afterEach(() => harness.stop());

/** The function's waits move the clock. */
const fill = (poolSize: number, { execution = 'one', started = harness.now(), ...changed }: Partial<Filling> = {}) => {
  const delay = (milliseconds: number) => {
    harness.clock.advance(milliseconds);
    return Promise.resolve();
  };
  const tools = { ...harness.dependencies, pairs: harness.pairs, randomName: nextName, measures, delay };
  const given = { ...harness.environment, poolSize: String(poolSize), ...changed };
  return handle(tools, given)({ execution, started: new Date(started).toISOString() });
};
interface Filling {
  readonly execution: string;
  readonly started: number;
  readonly poolGeneration: string;
  readonly developerProvider: string;
}

const take = (generation = environment.poolGeneration) =>
  takePair(harness.pairs, generationOf(generation), { now: harness.now(), gracePeriod: 600, randomPosition: nextName });
const counts = async () => ({
  free: (await readFree(harness.pairs)).length,
  queues: (await harness.queueUrls()).length,
  identities: (await harness.identities()).length,
});
const all = (count: number) => ({ free: count, queues: count, identities: count });

describe('filling the pool', () => {
  test('makes what is missing, and nothing when it is full', async () => {
    expect(await fill(3)).toEqual({ free: 0, made: 3, removed: 0, again: true });
    expect(await fill(3)).toEqual({ free: 3, made: 0, removed: 0, again: false });
    expect(await counts()).toEqual(all(3));
    expect(measures).toMatchObject({ free: [0, 3], published: 2 });
  });

  test('makes queues that let in the names of their pair, and keep messages as long as those of others', async () => {
    await fill(1);
    const pair = await take();
    const url = pair?.queueUrl ?? '';
    expect(queueNameOf(url)).toBe(newQueueName('stack', pair?.nameSeed ?? ''));
    expect(await harness.opensTo(url)).toEqual([nameOf(pair?.nameSeed), nameOf(pair?.nextNameSeed)]);
    expect(await harness.queueAttributes(url)).toMatchObject({ MessageRetentionPeriod: '3600' });
    expect((await harness.queueAttributes(url))['Policy']).toContain(pair?.identityId);
  });

  test('does not make a pair free before its queue can be used', async () => {
    const seen: number[] = [];
    const made: number[] = [];
    const put: Hook = ({ Item }) => {
      if (JSON.stringify(Item).includes('free#')) seen.push(harness.now());
    };
    harness.on('after CreateQueue', () => made.push(harness.now()));
    harness.on('before PutItem', put, 9);
    await fill(1);
    expect(seen.map((time) => time - (made[0] ?? 0))).toEqual([1000]);
  });

  test('stays within the quota of GetId, and leaves some of it to creates', async () => {
    const times: number[] = [];
    harness.on('before GetId', () => times.push(harness.now()), 200);
    await fill(60);
    const perSecond = Object.values(Object.groupBy(times, (time) => Math.floor(time / 1000)));
    expect(Math.max(...perSecond.map((calls = []) => calls.length))).toBe(20);
    expect(harness.pauses).toEqual([]);
    expect(await counts()).toEqual(all(60));
  });

  test('stops when its time is up, and goes on in its next call', async () => {
    harness.on('before GetId', () => {
      harness.clock.advance(30_000);
    });
    expect(await fill(30)).toMatchObject({ made: 20, again: true });
    expect(await fill(30)).toMatchObject({ free: 20, made: 10, again: true });
  });

  test('does not go on for longer than an Express execution may', async () => {
    const started = harness.now() - 200_000;
    expect(await fill(3, { started })).toMatchObject({ made: 3, again: false });
  });

  test('makes identities of a developer provider, each for the name of its queue', async () => {
    await fill(1, { developerProvider: 'sqs-browser' });
    const pair = await take();
    const call = harness.calls.find(({ action }) => action === 'GetOpenIdTokenForDeveloperIdentity');
    expect(call?.parameters).toMatchObject({ Logins: { 'sqs-browser': queueNameOf(pair?.queueUrl ?? '') } });
  });
});

describe('two executions', () => {
  test('do not fill the pool at the same time', async () => {
    await fill(25, { execution: 'one' });
    expect(await fill(50, { execution: 'two' })).toEqual({ free: 0, made: 0, removed: 0, again: false });
    expect(await counts()).toEqual(all(25));
  });

  test('follow each other when the first one is done, or has died a minute ago', async () => {
    await fill(1, { execution: 'one' });
    await fill(1, { execution: 'one' });
    expect(await fill(2, { execution: 'two' })).toMatchObject({ made: 1 });
    harness.clock.advance(61_000);
    expect(await fill(3, { execution: 'three' })).toMatchObject({ made: 1 });
  });
});

describe('what the pool has too much', () => {
  test('is removed when the pool becomes smaller', async () => {
    await fill(65);
    expect(await fill(4)).toEqual({ free: 65, made: 0, removed: 61, again: true });
    expect(await counts()).toEqual(all(4));
  });

  test('is what was made with something else, once there are pairs in its place', async () => {
    await fill(5);
    expect(await fill(5, { poolGeneration: 'another role' })).toEqual({ free: 0, made: 5, removed: 5, again: true });
    expect(await counts()).toEqual(all(5));
    expect([await take(), await take('another role')]).toEqual([undefined, expect.anything()]);
  });

  test('is what waits for a session for a week', async () => {
    await fill(5);
    harness.clock.advance(7 * 24 * 3600_000);
    expect(await fill(5)).toMatchObject({ free: 0, made: 5, removed: 5 });
    expect(await counts()).toEqual(all(5));
  });

  test('is never taken from a session that was faster', async () => {
    await fill(2);
    harness.on('before UpdateItem', () => take());
    expect(await fill(0)).toMatchObject({ free: 2, removed: 1 });
    expect(await counts()).toEqual({ free: 0, queues: 1, identities: 1 });
  });

  test('is left to the cleanup where it cannot be deleted', async () => {
    await fill(2);
    harness.on('before DeleteQueue', fault('AccessDenied', 403));
    expect(await fill(0)).toMatchObject({ removed: 1 });
    expect(await counts()).toEqual({ free: 0, queues: 1, identities: 1 });
    expect(harness.log.lines).toContainEqual({
      ...{ level: 'warn', code: 'PAIR_NOT_REMOVED' },
      fields: { failure: 'UpstreamFailed' },
    });
  });
});

describe('a pair that cannot be made', () => {
  test('is tried again when the failure passes', async () => {
    harness.on('before CreateQueue', fault('RequestThrottled', 403));
    expect(await fill(2)).toMatchObject({ made: 2 });
    expect(await counts()).toEqual(all(2));
  });

  test('fails the call, when the others of its round are in the pool', async () => {
    harness.on('before CreateQueue', fault('AccessDenied', 403));
    await expect(fill(5)).rejects.toMatchObject({ name: 'UpstreamFailed' });
    expect(await counts()).toEqual({ free: 4, queues: 4, identities: 5 });
  });
});

test('fails by the name of what its environment lacks', async () => {
  await expect(handler({}, { getRemainingTimeInMillis: () => 1 })).rejects.toThrow('PAIR_TABLE_NAME');
});
