import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newQueueName } from '../../../functions/sessions/queues.ts';
import {
  describeSession,
  isActive,
  isNewQueue,
  listedSession,
  newRecord,
  recordSchema,
  routeOf,
  routePrefix,
  shardOf,
  type RecordParts,
} from '../../../functions/sessions/session-record.ts';

const names = fc.stringMatching(/^[0-9a-f]{32}$/);
const seconds = fc.integer({ min: 1, max: 4_000_000_000 });
const parts: fc.Arbitrary<RecordParts> = fc
  .record({
    request: fc.record(
      {
        accountId: fc.maxSafeInteger(),
        sessionId: fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }),
        userId: fc.maxSafeInteger(),
        messageRetentionPeriod: fc.constant(60),
      },
      { requiredKeys: ['accountId', 'sessionId'] },
    ),
    identity: fc.record({ identityId: fc.string(), nameSeed: names, nextNameSeed: names }),
    expires: seconds,
    prefix: fc.constantFrom('p', 'a-b'),
  })
  .map(({ prefix, ...rest }) => ({
    ...rest,
    session: null,
    queueUrl: `https://sqs/1/${newQueueName(prefix, rest.identity.nameSeed)}`,
  }));
const now = seconds.map((each) => each * 1000 + 999);

describe('a new record', () => {
  test('is what the table is to hold, and holds nothing else', () => {
    fc.assert(
      fc.property(parts, now, (given, time) => {
        const record = newRecord(given, time);
        expect(recordSchema.parse(record)).toEqual(record);
        expect(Object.values(record)).not.toContain(undefined);
      }),
    );
  });

  test('is found by its shard and its route', () => {
    fc.assert(
      fc.property(parts, now, (given, time) => {
        const { shard, route } = newRecord(given, time);
        expect(shard).toBe(shardOf(newQueueName('', given.identity.nameSeed)));
        expect(route).toBe(routeOf(given.request));
      }),
    );
  });

  test('has its age in whole seconds, and is dropped a week after it expires', () => {
    fc.assert(
      fc.property(parts, now, (given, time) => {
        const { createdAt, ttl, expires, version } = newRecord(given, time);
        expect([createdAt, version]).toEqual([(time - 999) / 1000, 1]);
        expect(ttl - expires).toBe(604_800);
      }),
    );
  });

  test('keeps the age of the one it replaces, and counts on', () => {
    fc.assert(
      fc.property(parts, parts, now, now, (one, two, before, after) => {
        const first = newRecord(one, before);
        const second = newRecord({ ...two, session: first }, after);
        expect([second.createdAt, second.version]).toEqual([first.createdAt, 2]);
        expect(newRecord({ ...one, session: second }, after).version).toBe(3);
      }),
    );
  });

  test('has the user of its request and of no other', () => {
    fc.assert(
      fc.property(parts, parts, now, (one, two, time) => {
        const refreshed = newRecord({ ...two, session: newRecord(one, time) }, time);
        expect(refreshed.userId).toBe(two.request.userId);
        expect('userId' in refreshed).toBe('userId' in two.request);
      }),
    );
  });
});

describe('the description of a session', () => {
  const keys = { accessKey: 'a', secretKey: 's', sessionToken: 't', expires: 5 };

  test('shows what the caller is to know, and not the secret session names', () => {
    fc.assert(
      fc.property(parts, now, (given, time) => {
        const record = newRecord(given, time);
        const { accountId, sessionId, userId, identityId, expires } = record;
        const user = userId === undefined ? {} : { userId };
        const listed = { accountId, sessionId, ...user, sqsUrl: record.queueUrl, identityId, expires };
        expect(listedSession(record)).toStrictEqual(listed);
        expect(describeSession(record, keys)).toStrictEqual({ ...listed, ...keys });
      }),
    );
  });
});

describe('a session', () => {
  test('is active until its keys expire, to the millisecond', () => {
    expect(isActive({ expires: 5 }, 4999)).toBe(true);
    expect(isActive({ expires: 5 }, 5000)).toBe(false);
  });

  test('has a queue that may be too new for SQS to know it for one minute, to the millisecond', () => {
    expect(isNewQueue({ createdAt: 5 }, 64_999)).toBe(true);
    expect(isNewQueue({ createdAt: 5 }, 65_000)).toBe(false);
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
