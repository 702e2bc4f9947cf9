import { isJsonObject } from '../shared/json.ts';
import { isAccepted, putRecords, type PutRecordsResultEntry } from '../shared/put-records.ts';
import type { StreamRecord } from '../shared/pending-records.ts';
import { readKinesisAnswer } from './answers.ts';
import { PublishFailed, Throttled, UnexpectedAnswer, UpstreamFailed, type SqsBrowserError } from './errors.ts';
import { readPublishMessage, type Message, type Published } from './messages.ts';
import { isTransient, wait, withRetries, type RetryOptions } from './retry.ts';
import type { AttemptOptions, Sender } from './signed-fetch.ts';

export interface EventStream {
  readonly name: string;
  /** Kinesis's endpoint. */
  readonly url: string;
  readonly sender: Sender;
}

export interface PublishAllOptions extends RetryOptions, AttemptOptions {
  readonly ordered: boolean;
}

/** A message as a record of the stream. */
interface MessageRecord extends StreamRecord {
  readonly text: string;
}

/** The partition key is the account: its messages are in one shard, and so the messages of every session are in order. */
const recordOf = (message: Message, index: number): MessageRecord => {
  const { text, accountId } = readPublishMessage(message, index);
  const partitionKey = String(accountId);
  return { text, partitionKey, bytes: Buffer.byteLength(text) + partitionKey.length };
};

/** Makes one PutRecords call. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const putBatch = async (
  { name, url, sender }: EventStream,
  batch: readonly MessageRecord[],
  options: AttemptOptions,
): Promise<readonly PutRecordsResultEntry[]> => {
  const records = batch.map(({ text, partitionKey }) => ({
    Data: Buffer.from(text).toString('base64'),
    PartitionKey: partitionKey,
  }));
  const request = {
    ...{ service: 'kinesis' as const, method: 'POST' as const, url },
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecords' },
    body: JSON.stringify({ StreamName: name, Records: records }),
  };
  const { Records: results } = readKinesisAnswer(await sender.send(request, options));
  if (Array.isArray(results) && results.length === batch.length && results.every(isJsonObject)) return results;
  throw new UnexpectedAnswer(`${url} answered a PutRecords call, but not as Kinesis does`, { status: 200 });
};

/** Why a record was refused. All the reasons of PutRecords pass. */
const refusalOf = ({ ErrorCode: code = '', ErrorMessage: reason = '' }: PutRecordsResultEntry): SqsBrowserError => {
  const message = `Kinesis refused some of the records with ${code}: ${reason}`;
  return code.includes('Throughput') ? new Throttled(message) : new UpstreamFailed(message);
};

/**
 * Puts messages on the stream.
 * @returns for each message, in their order, the id by which browsers know it
 * @throws InvalidRequest or MessageTooLarge, and then no message was sent; PublishFailed
 */
export const publishAll = async (
  stream: EventStream,
  messages: readonly Message[],
  options: PublishAllOptions,
): Promise<Published[]> => {
  const { results, error } = await putRecords(messages.map(recordOf), {
    ...{ attempts: options.attempts, retry: options.retry, ordered: options.ordered },
    send: (batch) => withRetries(options, isTransient, () => putBatch(stream, batch, options)),
    wait: (milliseconds) => wait(options, milliseconds),
  });
  const unpublished = messages.filter((_, index) => !isAccepted(results[index]));
  if (unpublished.length > 0) {
    const refused = results.find((result) => result?.ErrorCode !== undefined);
    throw new PublishFailed(messages.length - unpublished.length, unpublished, error ?? refusalOf(refused ?? {}));
  }
  return results.map((result) => ({ messageId: `${result?.ShardId ?? ''}:${result?.SequenceNumber ?? ''}` }));
};
