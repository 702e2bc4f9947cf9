import { afterEach, describe, expect, test } from '@jest/globals';
import { settle } from '../fake-clock.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

const sendMany = (count: number): string[] => Array.from({ length: count }, (_, n) => harness.sqs.send({ n }));

type Fault = (action: string) => Response | undefined;

const onDelete =
  (fault: () => Response | undefined): Fault =>
  (action) =>
    action === 'DeleteMessageBatch' ? fault() : undefined;

/** Has SQS throttle the calls of DeleteMessageBatch, counted from 1, for which `fails` says so. */
const failDeletes = (fails: (call: number) => boolean): void => {
  let call = 0;
  const throttle = onDelete(() => (fails(++call) ? harness.sqs.refuse(403, 'RequestThrottled', 'Slow') : undefined));
  const fault: Fault = (action) => {
    harness.sqs.faults.push(fault);
    return throttle(action);
  };
  harness.sqs.faults.push(fault);
};

describe('deleting', () => {
  test('happens only after the handler returned', async () => {
    const { events } = harness.open();
    const handler = Promise.withResolvers<undefined>();
    events.addEventListener('message', () => handler.promise);
    harness.sqs.send({ n: 1 });
    await harness.clock.advance(2_000);
    expect(harness.sqs.count('DeleteMessageBatch')).toBe(0);
    handler.resolve(undefined);
    await harness.clock.advance(1_000);
    expect(harness.sqs.count('DeleteMessageBatch')).toBe(1);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('is done ten at a time', async () => {
    harness.show();
    sendMany(100);
    await harness.clock.advance(2_000);
    expect(harness.sqs.stored).toEqual([]);
    expect(harness.sqs.count('DeleteMessageBatch')).toBe(10);
  });

  test('gathers messages that come one by one', async () => {
    harness.show();
    await settle();
    for (let n = 0; n < 5; n++) {
      harness.sqs.send({ n });
      await harness.clock.advance(50);
    }
    await harness.clock.advance(1_000);
    expect(harness.sqs.stored).toEqual([]);
    expect(harness.sqs.count('DeleteMessageBatch')).toBe(1);
  });

  test('that fails goes with the next one', async () => {
    const { shown } = harness.show();
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    harness.sqs.faults.push((action) => (action === 'DeleteMessageBatch' ? new TypeError('network') : undefined));
    await harness.clock.advance(600);
    harness.sqs.send({ n: 2 }, 'b');
    await harness.clock.advance(600);
    expect(harness.sqs.stored).toEqual([]);
    expect(shown).toEqual(['a', 'b']);
  });

  test('that fails is done again before the message comes again', async () => {
    harness.show();
    await settle();
    failDeletes((call) => call === 1);
    harness.sqs.send({ n: 1 });
    await harness.clock.advance(2_000);
    const polls = harness.sqs.count('ReceiveMessage');
    expect(harness.sqs.stored).toEqual([]);
    expect(harness.sqs.count('DeleteMessageBatch')).toBe(2);
    await harness.clock.advance(10_000);
    expect(harness.sqs.count('ReceiveMessage')).toBe(polls);
  });

  test('that fails now and then is done again for the messages of the call that failed alone', async () => {
    const { shown } = harness.show();
    failDeletes((call) => call % 3 === 0);
    const ids = sendMany(600);
    await harness.clock.advance(30_000);
    expect(harness.sqs.stored).toEqual([]);
    expect(shown).toEqual(ids);
    expect(harness.sqs.count('DeleteMessageBatch')).toBeLessThan(120);
    expect(harness.sqs.count('ReceiveMessage')).toBeLessThan(120);
  });

  test('that SQS refuses for a while costs a call a poll, and no message is shown twice', async () => {
    const { shown } = harness.show();
    let isDown = true;
    failDeletes(() => isDown);
    const ids = sendMany(100);
    await harness.clock.advance(30_000);
    expect(harness.sqs.stored).toHaveLength(100);
    const polls = harness.sqs.count('ReceiveMessage');
    expect(harness.sqs.count('DeleteMessageBatch')).toBeLessThan(2 * polls);
    isDown = false;
    await harness.clock.advance(30_000);
    expect(harness.sqs.stored).toEqual([]);
    expect(shown).toEqual(ids);
  });

  test.each([
    { SenderFault: false, calls: 2 },
    { SenderFault: true, calls: 1 },
  ])('of one message that fails in an answer of 200 is done again unless the fault is its own: %j', async (failure) => {
    harness.show();
    await settle();
    const Failed = [{ Id: '0', SenderFault: failure.SenderFault, Code: 'Code' }];
    harness.sqs.send({ n: 1 });
    await settle();
    harness.sqs.faults.push(onDelete(() => Response.json({ Successful: [{ Id: '1' }], Failed })));
    await harness.clock.advance(4_000);
    expect(harness.sqs.count('DeleteMessageBatch')).toBe(failure.calls);
  });

  test('is not tried again by a connection that was closed', async () => {
    const { events } = harness.show();
    failDeletes(() => true);
    harness.sqs.send({ n: 1 });
    await settle();
    await events.close();
    const calls = harness.sqs.count('DeleteMessageBatch');
    expect(calls).toBe(1);
    await harness.clock.advance(60_000);
    expect(harness.sqs.count('DeleteMessageBatch')).toBe(calls);
  });
});
