import type { Subject } from './subject.ts';

/** Records that one PutRecords call takes. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const maxPutRecords = 500;

/** A record to put on the stream: its partition key, and its data as text. */
export type StreamRecord = readonly [partitionKey: string, text: string];

/** Puts at most `maxPutRecords` records on the service's stream, in one call. */
export const putRecords = (
  subject: Pick<Subject, 'aws' | 'outputs'>,
  records: readonly StreamRecord[],
): Promise<unknown> =>
  subject.aws('kinesis', 'Kinesis_20131202.PutRecords', {
    StreamName: subject.outputs['EventStreamName'],
    Records: records.map(([PartitionKey, text]) => ({ PartitionKey, Data: Buffer.from(text).toString('base64') })),
  });
