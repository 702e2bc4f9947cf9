import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isQueueOf } from '../../../functions/cleanup/queues.ts';
import { newQueueName, queueNameOf, shardOf, shards, routeOf, routePrefix } from '../../../functions/sessions/names.ts';

const nameSeeds = fc.stringMatching(/^[0-9a-f]{32}$/);
const prefixes = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);

describe('a queue name', () => {
  test('is one SQS takes, and the same each time', () => {
    fc.assert(
      fc.property(prefixes, nameSeeds, (prefix, nameSeed) => {
        const name = newQueueName(prefix, nameSeed);
        expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        expect(newQueueName(prefix, nameSeed)).toBe(name);
        expect(name).not.toContain(nameSeed);
      }),
    );
  });

  test('is another for another session name', () => {
    fc.assert(
      fc.property(fc.uniqueArray(nameSeeds, { minLength: 2, maxLength: 2 }), ([one = '', two = '']) => {
        expect(newQueueName('p', one)).not.toBe(newQueueName('p', two));
      }),
    );
  });

  test('belongs to its shard and to no other', () => {
    fc.assert(
      fc.property(prefixes, nameSeeds, (prefix, nameSeed) => {
        const name = newQueueName(prefix, nameSeed);
        expect(shards.filter((shard) => isQueueOf(prefix, shard, name))).toEqual([shardOf(name)]);
      }),
    );
  });

  test.each(['p-', 'p-a', 'p-a1', '', 'p-x'])('of the prefix %j is not one of the prefix p', (prefix) => {
    fc.assert(
      fc.property(nameSeeds, (nameSeed) => {
        const name = newQueueName(prefix, nameSeed);
        expect(shards.some((shard) => isQueueOf('p', shard, name))).toBe(false);
      }),
    );
  });

  test.each([
    'p-a',
    `p-a${'0'.repeat(30)}`,
    `p-a${'0'.repeat(32)}`,
    `p-a${'A'.repeat(31)}`,
    `p-a${'0'.repeat(31)}\n`,
    `xp-a${'0'.repeat(31)}`,
  ])('is not %j', (name) => {
    expect(isQueueOf('p', 'a', name)).toBe(false);
  });

  test('is the last part of a URL of any host', () => {
    expect(queueNameOf('http://127.0.0.1:4000/000000000000/p-1')).toBe('p-1');
    expect(queueNameOf('https://sqs.eu-west-1.amazonaws.com/123456789012/p-1')).toBe('p-1');
    expect(queueNameOf('p-1')).toBe('p-1');
  });
});

describe('a route', () => {
  const ids = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }),
    fc.constantFrom('😀'.repeat(255), `${'😀'.repeat(254)}😁`, 'u#1#a', 's#a'),
  );
  const users = fc.option(fc.maxSafeInteger(), { nil: undefined });

  test('puts a user’s sessions side by side', () => {
    expect(routeOf({ userId: 5, sessionId: 'a' })).toBe('u#5#a');
    expect(routeOf({ sessionId: 'a' })).toBe('s#a');
  });

  test('fits into a sort key, whatever the id', () => {
    fc.assert(
      fc.property(users, ids, (userId, sessionId) => {
        const route = routeOf({ userId, sessionId });
        expect(Buffer.byteLength(route)).toBeLessThanOrEqual(1024);
        expect(route.startsWith(routePrefix(userId))).toBe(true);
      }),
    );
  });

  test('is another for another session or user', () => {
    const sessions = fc.tuple(users, ids);
    fc.assert(
      fc.property(sessions, sessions, (one, two) => {
        fc.pre(one[0] !== two[0] || one[1] !== two[1]);
        const [first, second] = [one, two].map(([userId, sessionId]) => routeOf({ userId, sessionId }));
        expect(first).not.toBe(second);
      }),
    );
  });

  test('of a long id is none that a short id can have', () => {
    const route = routeOf({ userId: -9007199254740991, sessionId: '😀'.repeat(255) });
    const rest = route.slice(routePrefix(-9007199254740991).length);
    expect(Array.from(rest).length).toBeGreaterThan(255);
  });
});
