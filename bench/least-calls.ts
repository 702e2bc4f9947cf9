import { maxPutRecords } from './put-records.ts';

/** The most messages that one SendMessageBatch call and one ReceiveMessage call carry. */
const maxMessages = 10;

/** Splits a list into parts of these lengths. */
const dividedInto = <T>(list: readonly T[], lengths: readonly number[]): T[][] => {
  let end = 0;
  return lengths.map((length) => list.slice((end += length) - length, end));
};

const counts = (names: readonly string[]): readonly number[] =>
  [...Map.groupBy(names, (name) => name).values()].map((same) => same.length);

/** The sends for these receivers: each session's messages, ten to a call. */
const callsFor = (receivers: readonly string[]): number =>
  counts(receivers).reduce((sum, messages) => sum + Math.ceil(messages / maxMessages), 0);

/** Messages from the stream: every record's receivers in stream order, and the sizes of the batches that Lambda made of the records. */
export interface Streamed {
  readonly receivers: readonly (readonly string[])[];
  readonly batches: readonly number[];
  /** Queries of the table that find the sessions of these receivers. */
  readonly queries: (receivers: readonly string[]) => number;
}

/**
 * The least possible calls for messages from the stream, given Lambda's batches: for each batch one execution with one function besides the
 * router, ten messages to a send, and a poll and a delete for each send.
 */
export const minCallsForStream = ({ receivers, batches, queries }: Streamed): Readonly<Record<string, number>> => {
  const perBatch = dividedInto(receivers, batches).map((records) => records.flat());
  const sends = perBatch.reduce((sum, names) => sum + callsFor(names), 0);
  return {
    kinesis: Math.ceil(receivers.length / maxPutRecords) + batches.length,
    dynamodb: perBatch.reduce((sum, names) => sum + queries([...new Set(names)]), 0),
    // The router, and Route Messages, which sends by itself.
    lambda: batches.length * 2,
    states: batches.length,
    sqs: sends * 3,
  };
};

const kibibyte = 1024;

/** The most sessions that one delivery sends to. */
const maxDeliverySessions = 500;

/** The least possible calls for one message to every session of an account, by AWS's limits and with one read of the index. Nobody polls. */
export const minCallsForBroadcast = ({ sessions, itemBytes }: { sessions: number; itemBytes: number }) => ({
  // A page of a query is 1 MiB.
  dynamodb: Math.ceil((sessions * itemBytes) / (kibibyte * kibibyte)),
  // Route Messages, the deliveries, Count Deliveries.
  lambda: 2 + Math.ceil(sessions / maxDeliverySessions),
  states: 1,
  sqs: sessions,
});

/** Calls by service, of calls by name (`sqs:SendMessageBatch`). */
export const byService = (calls: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(Object.entries(calls), ([name]) => name.slice(0, name.indexOf(':')))].map(([service, own]) => [
      service,
      own.reduce((sum, [, count]) => sum + count, 0),
    ]),
  );
