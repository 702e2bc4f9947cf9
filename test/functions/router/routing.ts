import type { Message, StreamRecord } from '../../../functions/dispatch/message.ts';
import { handle } from '../../../functions/router/handler.ts';
import { rejectedRecordSchema, type RejectedRecord } from '../../../functions/router/rejected-records.ts';
import { createDeliveryTools, start } from '../../tools/delivery-tools.ts';

/** The router with a dispatch of its own. */
export const createRouting = () => {
  const under = createDeliveryTools();
  /** The messages of each dispatch, in the order they were begun. */
  const dispatches: (readonly Message[])[] = [];
  const machine: { run: (messages: readonly Message[]) => Promise<void> | void } = { run: () => undefined };
  const dispatch = async (
    messages: readonly Message[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> => {
    dispatches.push(messages);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    });
    await Promise.race([machine.run(messages), aborted]);
  };
  const run = handle({ ...under.tools, dispatch, rejectedQueueUrl: 'https://sqs/1/rejected' });
  const route = (Records: readonly StreamRecord[], remaining = 900_000): ReturnType<typeof run> =>
    run({ Records }, { getRemainingTimeInMillis: () => remaining });
  const rejected = (): RejectedRecord[] =>
    under.sqs.bodies('rejected').map((body) => rejectedRecordSchema.parse(JSON.parse(body)));
  return { ...under, dispatches, machine, route, rejected };
};

/** Records as Lambda gets them, numbered from 0. */
export const records = (...data: readonly (string | Buffer | object)[]): StreamRecord[] =>
  data.map((each, index) => ({
    eventID: `shardId-000000000000:${index}`,
    kinesis: {
      sequenceNumber: String(index),
      partitionKey: 'key',
      data: (typeof each === 'string' || Buffer.isBuffer(each)
        ? Buffer.from(each)
        : Buffer.from(JSON.stringify(each))
      ).toString('base64'),
      approximateArrivalTimestamp: start / 1000,
    },
  }));

export const failed = (...positions: readonly number[]) => ({
  batchItemFailures: positions.map((position) => ({ itemIdentifier: String(position) })),
});
