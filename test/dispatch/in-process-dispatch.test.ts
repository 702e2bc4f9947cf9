import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { Throttled, UpstreamFailed, UpstreamUnavailable } from '../../functions/aws/errors.ts';
import { refused, start, unavailable } from '../tools/delivery-tools.ts';
import { many, queueOf, session } from '../tools/indexed-sessions.ts';
import { createDispatching } from './in-process-dispatch.ts';

const numberedSchema = z.object({ n: z.number() });

type Target = { accountId: number; sessionId?: string; userId?: number };
type Sent = Target & { n: number };

/** THOROUGHNESS=80 makes many times as many runs. */
const thoroughness = Number(process.env['THOROUGHNESS'] ?? 1);
const timeout = 60_000 * thoroughness;

let under: ReturnType<typeof createDispatching>;

beforeEach(() => {
  under = createDispatching();
});

const record = (data: object, index: number) => ({
  eventID: `shardId-000000000000:${index}`,
  kinesis: {
    sequenceNumber: String(index),
    partitionKey: 'key',
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    approximateArrivalTimestamp: start / 1000,
  },
});

/** The numbers of the messages a session's queue got. */
const received = (accountId: number, sessionId: string): number[] =>
  under.sqs.bodies(queueOf(accountId, sessionId)).map((body) => numberedSchema.parse(JSON.parse(body)).n);

/** The numbers of the messages it should get, the obvious way. */
const due = (sent: readonly Sent[], each: Target): number[] =>
  sent
    .filter(
      ({ accountId, sessionId, userId }) =>
        accountId === each.accountId &&
        (sessionId ?? each.sessionId) === each.sessionId &&
        (userId ?? each.userId) === each.userId,
    )
    .map(({ n }) => n);

/** Numbers in an order that is the same in every run. */
const shuffled = <T>(items: readonly T[]): T[] => {
  let seed = 1;
  const keyed = items.map((item) => ({ item, key: (seed = (seed * 48_271) % 2_147_483_647) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
};

/** Routes records in batches, each again from the first that is not done, as the event source mapping does. */
const routeAll = async (sent: readonly Sent[], batchSize: number): Promise<void> => {
  const all = sent.map(record);
  for (let first = 0, tries = 0; first < all.length; tries += 1) {
    if (tries > 200) throw new Error('the shard is stuck');
    const batch = all.slice(first, first + batchSize);
    const [failure] = (await under.route(batch)).batchItemFailures;
    first = failure ? Number(failure.itemIdentifier) : first + batch.length;
  }
};

describe('fifty sessions of ten accounts', () => {
  const sessions = Array.from({ length: 50 }, (_, index) => ({
    accountId: index % 10,
    sessionId: `s${index}`,
    userId: index % 25,
  }));
  const targets: Target[] = [
    ...Array.from({ length: 1000 }, (_, index) => ({ accountId: index % 10 })),
    ...sessions.flatMap(({ accountId, sessionId, userId }): Target[] => [
      { accountId, sessionId },
      { accountId, userId },
      { accountId, userId, sessionId },
    ]),
  ];
  const sent = shuffled(targets).map((target, n): Sent => ({ ...target, n }));

  test.each([100, 500])(
    'get each message once, in order, with the fewest calls, counted, from batches of %i',
    async (size) => {
      under.sessions.push(
        ...sessions.map(({ accountId, sessionId, userId }) => session(accountId, sessionId, { userId })),
      );
      await routeAll(sent, size);
      for (const each of sessions) expect(received(each.accountId, each.sessionId)).toEqual(due(sent, each));
      let least = 0;
      for (let first = 0; first < sent.length; first += size) {
        const batch = sent.slice(first, first + size);
        least += sessions.reduce((sum, each) => sum + Math.ceil(due(batch, each).length / 10), 0);
      }
      expect(under.sqs.calls.length).toBeGreaterThanOrEqual(least);
      expect(under.sqs.calls.length).toBeLessThanOrEqual(least * 1.05);
      const delivered = sessions.reduce((sum, each) => sum + due(sent, each).length, 0);
      expect(under.measures.counts).toMatchObject({
        messagesReceived: 1150,
        messagesRouted: 1150,
        messagesDelivered: delivered,
      });
      expect(under.measures.latencies).toHaveLength(delivered);
    },
  );
});

describe('a dispatch', () => {
  test('to any number of sessions keeps every state below 200 KiB', async () => {
    under.sessions.push(...many(1200));
    const message = (accountId: number, text: string) => ({ messageId: 'm', sentAt: 1, accountId, body: text });
    const messages = [message(1, '{}'), ...Array.from({ length: 9 }, () => message(2, 'x'.repeat(10_700)))];
    expect(await under.execute({ messages })).toEqual({ sessions: 1200, delivered: 1200 });
    expect(under.sqs.calls).toHaveLength(1200);
    expect(under.states.largest).toBeGreaterThan(96 * 1024);
    expect(under.states.largest).toBeLessThan(200 * 1024);
  });

  test('that can deliver nothing keeps every state below 200 KiB, and makes dead letters of all of it', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `${index}${'\u0001'.repeat(250)}`);
    under.sessions.push(...ids.map((sessionId) => session(1, sessionId)));
    under.sqs.onCall = (queue) => (queue === 'undelivered' ? undefined : refused('AccessDenied'));
    const messages = Array.from({ length: 20 }, (_, n) => ({
      messageId: `m${n}`,
      sentAt: 1,
      accountId: 1,
      body: `"${'\\"'.repeat(1100)}"`,
    }));
    expect(await under.execute({ messages })).toEqual({ sessions: 300, delivered: 0 });
    expect(under.measures.counts).toMatchObject({ messagesDeadLettered: 6000 });
    expect(under.states.largest).toBeLessThan(200 * 1024);
  });

  test(
    'loses nothing whatever fails, and keeps the order of each session',
    async () => {
      const people = [
        { accountId: 1, sessionId: 'a', userId: undefined },
        { accountId: 1, sessionId: 'b', userId: 7 },
        { accountId: 2, sessionId: 'a', userId: 7 },
      ];
      const target = fc.record(
        { accountId: fc.constantFrom(1, 2), sessionId: fc.constantFrom('a', 'b'), userId: fc.constant(7) },
        { requiredKeys: ['accountId'] },
      );
      const fault = fc.constantFrom('none', 'none', 'none', 'none', 'throttled', 'unavailable', 'denied');
      /** The crowd turns a dispatch to everybody of account 1 into one to many. */
      const crowd = many(30);
      await fc.assert(
        fc.asyncProperty(
          fc.array(target, { minLength: 1, maxLength: 25 }),
          fc.array(fault, { maxLength: 25 }),
          fc.boolean(),
          async (targets, faults, isCrowded) => {
            under = createDispatching();
            const left = [...faults];
            under.sqs.onCall = () => {
              const next = left.shift();
              if (next === 'throttled' || next === 'unavailable') return unavailable;
              return next === 'denied' ? refused('AccessDenied') : undefined;
            };
            under.faults.find = () => {
              const next = left.shift();
              if (next === 'throttled') throw new Throttled('');
              if (next === 'unavailable') throw new UpstreamUnavailable('');
              if (next === 'denied') throw new UpstreamFailed('');
            };
            under.sessions.push(...(isCrowded ? crowd : []));
            under.sessions.push(
              ...people.map(({ accountId, sessionId, userId }) => session(accountId, sessionId, { userId })),
            );
            const sent = targets.map((each, n): Sent => ({ ...each, n }));
            await routeAll(sent, 10);
            const deadLettered = under.sqs
              .bodies('undelivered')
              .map((body) => JSON.parse(body) as { body: string; targets: Target[] });
            for (const { accountId, sessionId, userId } of people) {
              const mine = due(sent, { accountId, sessionId, ...(userId !== undefined && { userId }) });
              const got = received(accountId, sessionId);
              const first = got.filter((n, index) => got.indexOf(n) === index);
              expect(first).toEqual([...first].sort((a, b) => a - b));
              const aside = deadLettered.filter(({ targets: of }) =>
                of.some((each) => each.accountId === accountId && each.sessionId === sessionId),
              );
              const numbers = aside.map(({ body }) => numberedSchema.parse(JSON.parse(body)).n);
              expect([...new Set([...first, ...numbers])].sort((a, b) => a - b)).toEqual(mine);
            }
          },
        ),
        { numRuns: 15 * thoroughness },
      );
    },
    timeout,
  );
});
