import { isList, memberOf } from '../../values.ts';

/** A record as GetRecords gives it. */
export interface StreamRecord {
  readonly SequenceNumber: string;
  /** Epoch seconds. */
  readonly ApproximateArrivalTimestamp: number;
  /** Base64. */
  readonly Data: string;
  readonly PartitionKey: string;
}

/** Records of one shard that are given to the function together. */
export type Batch = readonly StreamRecord[];

/**
 * The payload of an invocation has at most 6 MB. Data is in base64 already.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
const maxEventBytes = 6_000_000;

export interface EventSource {
  readonly streamArn: string;
  readonly region: string;
  readonly shardId: string;
  /** Of the function's role. */
  readonly roleArn: string;
}

/** A record of the event that Lambda hands to a function. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
interface EventRecord {
  readonly kinesis: {
    readonly kinesisSchemaVersion: '1.0';
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Base64. */
    readonly data: string;
    /** Epoch seconds. */
    readonly approximateArrivalTimestamp: number;
  };
  readonly eventSource: 'aws:kinesis';
  readonly eventVersion: '1.0';
  readonly eventID: string;
  readonly eventName: 'aws:kinesis:record';
  readonly invokeIdentityArn: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
}

export interface KinesisEvent {
  readonly Records: readonly EventRecord[];
}

export const eventOf = (batch: Batch, { streamArn, region, shardId, roleArn }: EventSource): KinesisEvent => ({
  Records: batch.map(({ SequenceNumber, ApproximateArrivalTimestamp, Data, PartitionKey }) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
      data: Data,
      approximateArrivalTimestamp: ApproximateArrivalTimestamp,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn,
    awsRegion: region,
    eventSourceARN: streamArn,
  })),
});

/** How many of the records, from the first, one event may carry; at least one. */
export const batchLength = (records: readonly StreamRecord[], batchSize: number): number => {
  let bytes = 0;
  let length = 0;
  for (const { Data, PartitionKey } of records) {
    bytes += Data.length + PartitionKey.length + 500;
    if (length === batchSize || (length > 0 && bytes > maxEventBytes)) break;
    length += 1;
  }
  return length;
};

/**
 * The position from which a batch is tried again: that of the lowest sequence number that the function reported, or the batch's length
 * when it reported none. A report that is malformed means the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * Assumed: so does a report of a record that is not in the batch.
 */
export const firstFailure = (batch: Batch, answer: unknown): number => {
  const failures = memberOf(answer, 'batchItemFailures');
  if (failures === undefined || failures === null) return batch.length;
  if (!isList(failures)) return 0;
  const positions = failures.map((failure) => {
    const reported = memberOf(failure, 'itemIdentifier');
    return Math.max(
      0,
      batch.findIndex(({ SequenceNumber }) => SequenceNumber === reported),
    );
  });
  return Math.min(batch.length, ...positions);
};
