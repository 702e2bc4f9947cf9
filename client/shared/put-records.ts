import type { RetryPolicy } from './backoff.ts';
import { PendingRecords, type StreamRecord } from './pending-records.ts';

/**
 * What PutRecords answers for one record. `SequenceNumber` is there when the record is on the stream, `ErrorCode` when it is not.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html
 */
export interface PutRecordsResultEntry {
  readonly SequenceNumber?: string | undefined;
  readonly ShardId?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

export interface PutRecordsOptions<Entry extends StreamRecord> {
  /** Makes one PutRecords call and returns the answer for each record, in their order. */
  readonly send: (records: readonly Entry[]) => Promise<readonly PutRecordsResultEntry[]>;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly retry: RetryPolicy;
  /** After how many calls in a row that put no record it stops. */
  readonly attempts: number;
  /** Whether records of one partition key keep their order; a call then takes one record of each key. Default false. */
  readonly ordered?: boolean;
}

export interface PutRecordsOutcome {
  /** For each record its last answer; undefined when no call with that record was answered. */
  readonly results: readonly (PutRecordsResultEntry | undefined)[];
  /** Why `send` or `wait` rejected. Undefined when neither did. */
  readonly error: unknown;
}

/** Whether the record is on the stream. */
export const isAccepted = (result: PutRecordsResultEntry | undefined): boolean => result?.SequenceNumber !== undefined;

/**
 * Puts records on a Kinesis data stream, one call after the other. Puts refused records again with backoff, until all are on
 * the stream, `attempts` calls in a row put none, or `send` or `wait` rejects. Does not reject itself: the outcome says which
 * records are on the stream.
 */
export const putRecords = async <Entry extends StreamRecord>(
  records: readonly Entry[],
  { send, wait, retry, attempts, ordered = false }: PutRecordsOptions<Entry>,
): Promise<PutRecordsOutcome> => {
  const pendingRecords = new PendingRecords(records, ordered);
  const results: (PutRecordsResultEntry | undefined)[] = records.map(() => undefined);
  /** Calls in a row that put no record, and that refused at least one. */
  let emptyRounds = 0;
  let refusals = 0;
  try {
    for (let batch = pendingRecords.nextBatch(); batch.length > 0; batch = pendingRecords.nextBatch()) {
      if (emptyRounds >= attempts) break;
      if (refusals > 0) await wait(retry(refusals));
      const answers = await send(batch.map(({ record }) => record));
      for (const [position, { index }] of batch.entries()) results[index] = answers[position];
      const accepted = new Set(batch.filter(({ index }) => isAccepted(results[index])));
      pendingRecords.remove(accepted);
      emptyRounds = accepted.size > 0 ? 0 : emptyRounds + 1;
      refusals = accepted.size < batch.length ? refusals + 1 : 0;
    }
  } catch (error) {
    return { results, error };
  }
  return { results, error: undefined };
};
