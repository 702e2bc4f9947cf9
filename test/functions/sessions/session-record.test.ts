import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newQueueName, shardOf, routeOf } from '../../../functions/sessions/names.ts';
import {
  describeSession,
  isActive,
  listedSession,
  newRecord,
  recordSchema,
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

  test('tells its age in whole seconds, and is dropped a week after it expires', () => {
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
});
