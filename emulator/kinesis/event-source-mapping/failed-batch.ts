import { randomUUID } from 'node:crypto';
import type { Batch, EventSource } from './batch.ts';
import { eventOf } from './batch.ts';

export interface Failure extends EventSource {
  /** The mapping's UUID. */
  readonly mappingId: string;
  readonly functionArn: string;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly invocations: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

const isoTime = (epochMilliseconds: number): string => new Date(epochMilliseconds).toISOString();

/**
 * The object that an S3 on-failure destination gets: what the other destinations get, and the whole event as `payload`.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const failedBatchObject = (batch: Batch, failure: Failure): { Key: string; Body: string } => {
  const time = isoTime(failure.now);
  const [first, last] = [batch[0], batch.at(-1)];
  const arrival = (record: Batch[number] | undefined) => isoTime((record?.ApproximateArrivalTimestamp ?? 0) * 1000);
  const body = {
    requestContext: {
      requestId: randomUUID(),
      functionArn: failure.functionArn,
      condition: failure.condition,
      approximateInvokeCount: failure.invocations,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: time,
    KinesisBatchInfo: {
      shardId: failure.shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: batch.length,
      streamArn: failure.streamArn,
    },
    payload: JSON.stringify(eventOf(batch, failure)),
  };
  const day = time.slice(0, 10).replaceAll('-', '/');
  const moment = time.slice(0, 19).replaceAll(':', '.');
  return {
    Key: `aws/lambda/${failure.mappingId}/${failure.shardId}/${day}/${moment}-${randomUUID()}`,
    Body: JSON.stringify(body),
  };
};
