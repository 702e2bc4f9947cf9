import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  addPair,
  claimPair,
  generationOf,
  isOfGeneration,
  pairTableIfAny,
  readFree,
  readInUse,
  takePair,
} from '../../../functions/sessions/pairs.ts';
import { fault, nextName, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const generation = generationOf('made with this');
const seconds = () => Math.floor(harness.now() / 1000);
const taking = () => ({ now: harness.now(), gracePeriod: 600 });
const take = (randomPosition = nextName, of = generation) =>
  takePair(harness.pairs, of, { ...taking(), randomPosition });

/** A pair whose queue has this random part. */
const pairAt = (digits: string) => ({
  pair: {
    ...{ identityId: `eu-west-1:${digits}`, nameSeed: `seed ${digits}`, nextNameSeed: `next ${digits}` },
    queueUrl: `https://sqs.example/${digits}`,
  },
  queueName: `stack-${digits}`,
});
const digitsOf = (first: string): string => first.padEnd(32, '0');
const add = async (first: string, of = generation) => {
  const made = pairAt(digitsOf(first));
  await addPair(harness.pairs, of, made, harness.now());
  return made;
};

describe('a pair that is taken', () => {
  test('has its queue, its identity and its seeds', async () => {
    const { pair } = await add('a');
    expect(await take()).toEqual(pair);
  });

  test('is found before and behind the place where the search begins', async () => {
    const [low, high] = [await add('1'), await add('e')];
    expect(await take(() => digitsOf('8'))).toEqual(high.pair);
    expect(await take(() => digitsOf('8'))).toEqual(low.pair);
    expect(await take(() => digitsOf('8'))).toBeUndefined();
  });

  test('is of the generation that is asked for', async () => {
    await add('a', generationOf('made with that'));
    expect(await take()).toBeUndefined();
    const [other] = await readFree(harness.pairs);
    expect(other && isOfGeneration(other, generation)).toBe(false);
  });

  test('is another for each of many takers at once', async () => {
    const all = Array.from({ length: 20 }, (_, index) => index.toString(16).padStart(2, '0'));
    await Promise.all(all.map((first) => add(first)));
    const taken = await Promise.all(all.map(() => take()));
    expect(new Set(taken.map((pair) => pair?.queueUrl)).size).toBe(20);
    expect(taken).not.toContain(undefined);
    expect(await readFree(harness.pairs)).toEqual([]);
  });

  test('is not the taker’s who saw it free too late', async () => {
    await add('a');
    const [seen] = await readFree(harness.pairs);
    expect(seen && (await claimPair(harness.pairs, seen, taking()))).toBeDefined();
    expect(seen && (await claimPair(harness.pairs, seen, taking()))).toBeUndefined();
  });

  test('stays taken when its addition is repeated, as after a lost answer', async () => {
    const made = await add('a');
    await take();
    await addPair(harness.pairs, generation, made, harness.now());
    expect(await take()).toBeUndefined();
  });

  test('is nobody’s when the taker does not hear of it', async () => {
    await add('a');
    harness.on('after UpdateItem', fault('InternalServerError', 500));
    await expect(take()).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
    expect(await take()).toBeUndefined();
  });
});

describe('pairs in use', () => {
  const names = async (since: number) =>
    (await readInUse(harness.pairs, since)).map(({ queueName }) => queueName).sort();

  test('are those that are free, and those that were taken since', async () => {
    await add('a');
    const { queueName } = await add('b');
    await take(() => digitsOf('a'));
    const taken = seconds();
    harness.clock.advance(5000);
    expect(await names(taken)).toEqual([`stack-${digitsOf('a')}`, queueName]);
    expect(await names(taken + 1)).toEqual([queueName]);
  });

  test('are read page by page', async () => {
    const many = Array.from({ length: 3 }, (_, index) => `${index}`);
    await Promise.all(many.map((first) => add(first)));
    expect(await names(0)).toHaveLength(3);
  });
});

test('without a pool there is no table of pairs', () => {
  expect(pairTableIfAny('none')).toBeUndefined();
});
