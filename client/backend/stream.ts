import { readStreamAnswer } from './answers.ts';
import { Backlog, type Pending } from './backlog.ts';
import { PublishFailed, Throttled, UpstreamFailed, type SqsBrowserError } from './errors.ts';
import { readStreamMessage, type Message, type Published } from './messages.ts';
import { isTransient, pause, waitAfter, withRetries, type RetryOptions } from './retries.ts';
import type { Patience, Sender } from './signed-fetch.ts';

export interface Stream {
  readonly name: string;
  readonly url: string;
  readonly sender: Sender;
}

export interface Publishing extends RetryOptions, Patience {
  readonly ordered: boolean;
}

/** What PutRecords says of a record. */
interface RecordAnswer {
  readonly SequenceNumber?: string;
  readonly ShardId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** An account's messages have one partition key: they are in one shard, and so every session's are in order. */
const pendingOf = (message: Message, index: number): Pending => {
  const { text, accountId } = readStreamMessage(message, index);
  const key = String(accountId);
  return { index, message, text, key, bytes: Buffer.byteLength(text) + key.length };
};

const putRecords = async (
  { name, url, sender }: Stream,
  batch: readonly Pending[],
  patience: Patience,
): Promise<readonly RecordAnswer[]> => {
  const records = batch.map(({ text, key }) => ({ Data: Buffer.from(text).toString('base64'), PartitionKey: key }));
  const answer = await sender.send(
    {
      service: 'kinesis',
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecords' },
      body: JSON.stringify({ StreamName: name, Records: records }),
    },
    patience,
  );
  return (readStreamAnswer(answer) as { readonly Records: readonly RecordAnswer[] }).Records;
};

/** Why a record was refused: all of PutRecords' reasons pass. */
const refusalOf = ({ ErrorCode: code = '', ErrorMessage: message = '' }: RecordAnswer): SqsBrowserError => {
  const said = `Kinesis refused some of the records with ${code}: ${message}`;
  return code.includes('Throughput') ? new Throttled(said) : new UpstreamFailed(said);
};

/**
 * Puts messages on the stream, one call after the other. What the stream refuses is put again, after a while; it gives up
 * when so many calls in a row have put nothing.
 * @throws InvalidRequest or MessageTooLarge before anything is sent; PublishFailed
 */
export const publishAll = async (
  stream: Stream,
  messages: readonly Message[],
  publishing: Publishing,
): Promise<Published[]> => {
  const { attempts, retry, ordered } = publishing;
  const backlog = new Backlog(messages.map(pendingOf), ordered);
  const published: Published[] = [];
  let fruitless = 0;

  const putNext = async (batch: readonly Pending[]): Promise<SqsBrowserError | undefined> => {
    const answers = await withRetries(publishing, isTransient, () => putRecords(stream, batch, publishing));
    const accepted = batch.filter((_, at) => answers[at]?.SequenceNumber !== undefined);
    for (const [at, { ShardId = '', SequenceNumber = '' }] of answers.entries()) {
      const record = batch[at];
      if (record && SequenceNumber) published[record.index] = { messageId: `${ShardId}:${SequenceNumber}` };
    }
    backlog.drop(new Set(accepted));
    fruitless = accepted.length > 0 ? 0 : fruitless + 1;
    return accepted.length === batch.length ? undefined : refusalOf(answers.find(({ ErrorCode }) => ErrorCode) ?? {});
  };

  try {
    for (let batch = backlog.next(); batch.length > 0; batch = backlog.next()) {
      const refusal = await putNext(batch);
      if (refusal && fruitless >= attempts) throw refusal;
      if (refusal) await pause(publishing, waitAfter(refusal, fruitless + 1, retry));
    }
  } catch (error) {
    const rest = backlog.rest().map(({ message }) => message);
    throw new PublishFailed(messages.length - rest.length, rest, error);
  }
  return published;
};
