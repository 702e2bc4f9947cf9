import { beforeAll, describe, expect, test } from '@jest/globals';
import type { CallRecord } from 'aws-template-emulator';
import { startStack } from '../acceptance/stack.ts';
import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { due, listeners, messages, seededRandom, shuffled } from './scenario.ts';
import type { Sent } from './scenario.ts';

const metricSchema = z.object({ MessagesReceived: z.union([z.number(), z.array(z.number())]) });

/** What one PutRecords call takes. */
const putLimit = 500;

/** Told when it fails: with it in place of the clock's, the same order comes again. */
const seed = Date.now() % 2 ** 31;

const stack = await startStack();

const inBatches = (records: readonly Sent[], sizes: readonly number[]): Sent[][] => {
  let end = 0;
  return sizes.map((size) => records.slice((end += size) - size, end));
};

/** The numbers of records in the Kinesis batches that the router was given, as it counts them. */
const batchSizes = (): readonly number[] =>
  stack.runtime.logs.lines
    .filter((line) => line.function === 'Router' && line.text.includes('"MessagesReceived"'))
    .map(({ text }) => metricSchema.parse(JSON.parse(text)).MessagesReceived)
    .flat();

describe(`messages to fifty sessions of ten accounts, in the order of seed ${seed}`, () => {
  const records = shuffled(messages, seededRandom(seed));
  const calls: CallRecord[] = [];
  let received: readonly (readonly Message[])[] = [];

  beforeAll(async () => {
    const created = await Promise.all(
      listeners.map(({ accountId, sessionId, userId }) => stack.create(accountId, sessionId, userId)),
    );
    const stop = stack.runtime.calls.on((call) => calls.push(call));
    for (let begin = 0; begin < records.length; begin += putLimit) {
      await stack.put(...records.slice(begin, begin + putLimit).map(({ text }) => text));
    }
    stop();
    received = await Promise.all(created.map(({ sqsUrl }) => stack.drain(sqsUrl)));
  }, 120_000);

  test('reach each session they are for once, in stream order and byte for byte', () => {
    const bodies = received.map((all) => all.map(({ Body: body }) => body));
    expect(bodies).toEqual(listeners.map((listener) => due(listener, records)));
  });

  test('carry an id of their own and the time they entered', () => {
    for (const all of received) {
      const ids = all.map(({ MessageAttributes: attributes }) => attributes?.['messageId']?.StringValue);
      const times = all.map(({ MessageAttributes: attributes }) => attributes?.['sentAt']);
      expect(new Set(ids).size).toBe(all.length);
      expect(ids.every((id) => /^shardId-\d{12}:\d+$/.test(id ?? ''))).toBe(true);
      expect(times.every((time) => time?.DataType === 'Number' && /^\d{13}$/.test(time.StringValue ?? ''))).toBe(true);
    }
  });

  test('take at most 1.05 times the sends that are the least for the Kinesis batches', () => {
    const sizes = batchSizes();
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(records.length);
    const least = inBatches(records, sizes)
      .flatMap((batch) => listeners.map((listener) => Math.ceil(due(listener, batch).length / 10)))
      .reduce((sum, sends) => sum + sends, 0);
    const sends = calls.filter(({ action, outcome }) => action === 'SendMessageBatch' && outcome === 'answered').length;
    expect(sends).toBeGreaterThanOrEqual(least);
    expect(sends).toBeLessThanOrEqual(1.05 * least);
  });
});
