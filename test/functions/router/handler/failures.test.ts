import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Throttled, UpstreamUnavailable } from '../../../../functions/aws/errors.ts';
import type { Message } from '../../../../functions/dispatch/message.ts';
import { failing, gone, unavailable } from '../../../tools/delivery-tools.ts';
import { createRouting, failed, records } from '../routing.ts';
import { randomText } from '../../../tools/random-text.ts';

let under: ReturnType<typeof createRouting>;

beforeEach(() => {
  under = createRouting();
});

/** A message that takes an execution of its own. */
const wide = (accountId: number): object => ({ accountId, text: 'x'.repeat(60_000) });
const first = (messages: readonly Message[]): number => Number(messages[0]?.messageId.split(':')[1]);

/** Fails the dispatches whose first record has this number. */
const failAt = (number: number): void => {
  under.machine.run = (messages) => {
    if (first(messages) === number) throw new UpstreamUnavailable('The dispatch ended as FAILED: States.Timeout');
  };
};

describe('a dispatch that fails', () => {
  test('names its first record', async () => {
    failAt(0);
    expect(await under.route(records({ accountId: 1 }, { accountId: 2 }))).toEqual(failed(0));
    const fields = {
      records: 2,
      reason: 'The dispatch ended as FAILED: States.Timeout',
      recordId: 'shardId-000000000000:0',
    };
    expect(under.log.lines).toEqual([{ level: 'error', code: 'BATCH_NOT_DONE', fields }]);
  });

  test('lets the records before it count as done', async () => {
    failAt(1);
    expect(await under.route(records(wide(1), wide(1), wide(1)))).toEqual(failed(1));
    expect(under.dispatches.map(first)).toEqual([0, 1]);
  });

  test("ends no other account's dispatch, but begins none", async () => {
    failAt(0);
    const batch = records(...Array.from({ length: 20 }, (_, index) => wide(index)));
    expect(await under.route(batch)).toEqual(failed(0));
    expect(under.dispatches.length).toBeLessThan(20);
  });

  test('names the lowest record that is not done, whatever accounts they are of', async () => {
    failAt(1);
    expect(await under.route(records(wide(1), wide(2), wide(1), wide(3)))).toEqual(failed(1));
  });

  test('leaves bad records after it to when the batch comes again', async () => {
    failAt(1);
    expect(await under.route(records('bad before', { accountId: 1 }, 'bad after'))).toEqual(failed(1));
    expect(under.rejected().map(({ sequenceNumber }) => sequenceNumber)).toEqual(['0']);
  });

  test('is given up in time to answer', async () => {
    under.machine.run = () => new Promise<void>(() => undefined);
    expect(await under.route(records({ accountId: 1 }), 15_010)).toEqual(failed(0));
  });
});

describe('a store that fails', () => {
  test('has the records come again, and nothing is dispatched without its body', async () => {
    under.faults.put = new Throttled('s3:PutObject was throttled');
    expect(await under.route(records({ accountId: 1 }, { accountId: 2, text: randomText(150_000) }))).toEqual(
      failed(0),
    );
    expect(under.dispatches).toEqual([]);
  });
});

describe('a rejected queue that fails', () => {
  test.each<[string, () => unknown]>([
    ['does not answer', () => (under.sqs.onCall = () => unavailable)],
    ['is not there', () => (under.sqs.onCall = () => gone)],
    ['refuses an entry', () => (under.sqs.onCall = (_, __, entries) => failing(entries, '', true))],
  ])('has the bad record come again when it %s', async (_, breakQueue) => {
    breakQueue();
    expect(await under.route(records({ accountId: 1 }, 'bad', { accountId: 2 }))).toEqual(failed(1));
    expect(under.measures.counts).toEqual({ messagesReceived: 1 });
  });

  test('is tried again', async () => {
    under.sqs.onCall = (_, attempt) => (attempt < 3 ? unavailable : undefined);
    expect(await under.route(records('bad'))).toEqual(failed());
    expect(under.rejected()).toHaveLength(1);
  });
});

describe('a stream whose batches come again from the first record that is not done', () => {
  test("has every record dispatched or rejected, and an account's in order", async () => {
    const record = fc.oneof(
      { weight: 4, arbitrary: fc.nat(3).map(wide) },
      { weight: 2, arbitrary: fc.nat(3).map((accountId) => ({ accountId })) },
      fc.constant('bad'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 8 }),
        async (data, faults) => {
          const left = [...faults];
          const done: number[] = [];
          under.sqs.queues.clear();
          under.machine.run = (messages) => {
            if (left.shift()) throw new UpstreamUnavailable('');
            done.push(...messages.map(({ messageId }) => Number(messageId.split(':')[1])));
          };
          const all = records(...data);
          let next = 0;
          for (let invocation = 0; next < all.length; invocation += 1) {
            expect(invocation).toBeLessThanOrEqual(faults.length);
            const { batchItemFailures } = await under.route(all.slice(next));
            next = batchItemFailures[0] ? Number(batchItemFailures[0].itemIdentifier) : all.length;
          }
          const rejected = under.rejected().map(({ sequenceNumber }) => Number(sequenceNumber));
          expect([...new Set([...done, ...rejected])].sort((a, b) => a - b)).toEqual(all.map((_, index) => index));
          expect(rejected).toEqual([...new Set(rejected)]);
          for (const account of [0, 1, 2, 3]) {
            const own = data.flatMap((each, index) =>
              typeof each === 'object' && 'accountId' in each && each.accountId === account ? index : [],
            );
            const order = done.filter((position) => own.includes(position));
            expect(order.filter((position, index) => order.indexOf(position) === index)).toEqual(own);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
