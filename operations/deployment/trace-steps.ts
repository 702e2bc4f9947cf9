import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { counted } from '../counted.ts';
import { listDeadLetters, placesOf } from './dead-letters.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { codeOf } from './errors.ts';
import { readExecutionEvent } from './execution-events.ts';
import type { LogLine } from './logs.ts';
import { functionGroups, readFields, readLogLines } from './logs.ts';
import { listMachines } from './machines.ts';

/** A fact about a message, with its time. */
export interface TraceStep {
  /** Epoch milliseconds; undefined for the present. */
  readonly at: number | undefined;
  /** Where it was seen: `router`, `stream`, `undelivered`. */
  readonly where: string;
  /** One sentence. */
  readonly what: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The functions that handle a message. */
const functionsOnTheWay = [
  ...['router', 'publish', 'route-messages', 'deliver-batch', 'send-dead-letters'],
  ...['count-deliveries', 'continue-dispatch'],
];

type Fields = Readonly<Record<string, unknown>>;

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const includes = (list: unknown, id: string): boolean => Array.isArray(list) && list.includes(id);

/** `shardId-000000000000:4956…`: a record's shard and sequence number, which are a message's id when it came by the stream. */
const readRecordId = (messageId: string) => {
  const [, shardId, sequenceNumber] = /^(shardId-\d+):(\d+)$/.exec(messageId) ?? [];
  return shardId !== undefined && sequenceNumber !== undefined ? { shardId, sequenceNumber } : undefined;
};

const describeDispatch = (messageId: string, fields: Fields): string => {
  if (includes(fields['nobody'], messageId)) return 'It was addressed to nobody: no session of its account matched.';
  const others = Array.isArray(fields['messageIds']) ? fields['messageIds'].length - 1 : 0;
  const [delivered, deadLettered] = [number(fields['delivered']), number(fields['deadLettered'])];
  const subject = others > 0 ? `Its dispatch, with ${counted(others, 'other message')},` : 'Its dispatch';
  return `${subject} found ${counted(number(fields['sessions']), 'session')}: ${delivered} delivered, ${deadLettered} dead-lettered.`;
};

/** The fact about a message in a line of a function's log. */
const describeLine = (messageId: string, fields: Fields): string => {
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : 'no reason given';
  switch (fields['message']) {
    case 'MESSAGES_DISPATCHED':
      return describeDispatch(messageId, fields);
    case 'EVENTS_PUBLISHED':
      return 'Its publish call had it dispatched.';
    case 'EVENTS_NOT_SENT':
      return `Its publish call could not have it dispatched, and said so: ${reason}.`;
    case 'RECORD_REJECTED':
      return `The router rejected it: ${reason}.`;
    case 'BATCH_NOT_DONE':
      return fields['recordId'] === messageId
        ? `Its batch was not done and comes again from it on: ${reason}.`
        : `Its shard was held up by the record ${String(fields['recordId'])}, and comes again from there on: ${reason}.`;
    case 'MESSAGES_UNDELIVERED':
      return `${counted(number(fields['sessions']), 'session')} did not take it: ${reason}.`;
    case 'MESSAGES_DEAD_LETTERED':
      return `It was put into the undelivered queue: ${reason}.`;
    default:
      return typeof fields['message'] === 'string' ? `${fields['message']}.` : 'A line of the log has its id.';
  }
};

/** Whether a line of the router says that an earlier record of the message's shard blocks it. */
const holdsUp = (messageId: string, { recordId }: Fields): boolean => {
  const [own, other] = [readRecordId(messageId), readRecordId(typeof recordId === 'string' ? recordId : '')];
  if (!own || own.shardId !== other?.shardId) return false;
  return BigInt(other.sequenceNumber) < BigInt(own.sequenceNumber);
};

/** How many lines of a function are read for one message. */
const maxLines = 200;

/** The router's last line about an earlier record that blocks the message: a line names only the record at which a batch stopped. */
const heldUpLines = async (
  deployment: Deployment,
  messageId: string,
  query: { readonly group: string; readonly since: number },
): Promise<LogLine[]> => {
  const record = readRecordId(messageId);
  if (!record) return [];
  const lines = await readLogLines(deployment, { ...query, pattern: `"BATCH_NOT_DONE" "${record.shardId}:"` });
  return lines.filter(({ message }) => holdsUp(messageId, readFields(message) ?? {})).slice(-1);
};

/**
 * What the functions logged about the message.
 * @param arrived when the message arrived, epoch milliseconds: nothing could block it before
 */
export const logSteps = async (
  deployment: Deployment,
  messageId: string,
  { since, arrived }: { readonly since: number; readonly arrived: number },
): Promise<TraceStep[]> => {
  const groups = functionGroups(deployment);
  const found = await Promise.all(
    functionsOnTheWay.map(async (name) => {
      const group = groups.get(name);
      if (group === undefined) return [];
      const [own, heldUp] = await Promise.all([
        readLogLines(deployment, { group, since, pattern: `"${messageId}"` }, maxLines),
        name === 'router' ? heldUpLines(deployment, messageId, { group, since: arrived }) : [],
      ]);
      return [...own, ...heldUp].flatMap(({ timestamp, message }) => {
        const fields = readFields(message);
        return fields ? [{ at: timestamp, where: name, what: describeLine(messageId, fields), details: fields }] : [];
      });
    }),
  );
  return found.flat();
};

/**
 * The runs of dispatch that had the message: a notify call's execution has its id as its name; from the stream it is in the
 * execution's input, which is logged where the stack logs data.
 */
export const runSteps = async (deployment: Deployment, messageId: string, since: number): Promise<TraceStep[]> => {
  const group = listMachines(deployment).find(({ shortName }) => shortName === 'dispatch')?.logGroup;
  if (group === undefined) return [];
  const pattern = `{ $.type = "ExecutionStarted" && ($.execution_arn = "*:${messageId}:*" || $.details.input = "*\\"${messageId}\\"*") }`;
  const lines = await readLogLines(deployment, { group, since, pattern }, maxLines);
  return lines.flatMap(({ timestamp, message }) => {
    const arn = readExecutionEvent(message)?.executionArn;
    return arn === undefined
      ? []
      : [{ at: timestamp, where: 'dispatch', what: `It went into the run ${arn}.`, details: { run: arn } }];
  });
};

const describeDeadLetter = ({ place, reason, detail, sessions: names }: DeadLetter): string => {
  switch (place) {
    case 'undelivered':
      return names.length === 0
        ? `It waits in the undelivered queue for everybody it names: ${reason}.`
        : `It waits in the undelivered queue for ${counted(names.length, 'session')} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}): ${reason}.`;
    case 'rejected':
      return `It waits in the rejected queue: ${detail ?? reason}.`;
    case 'failed-batches':
      return `Its batch is in the bucket of failed batches: ${reason}.`;
  }
};

/** How many dead letters of each place are searched. */
const maxDeadLetters = 1_000;

/** Where the message waits now. */
export const deadLetterSteps = async (deployment: Deployment, messageId: string): Promise<TraceStep[]> => {
  const lists = await Promise.all(
    placesOf(deployment).map((place) => listDeadLetters(deployment, place, maxDeadLetters)),
  );
  return lists
    .flat()
    .filter(({ messageIds }) => messageIds.includes(messageId))
    .map((letter) => ({
      ...{ at: letter.at, where: letter.place, what: describeDeadLetter(letter) },
      details: { ...letter, body: undefined },
    }));
};

/** The record, as long as the stream keeps it. */
export const streamSteps = async (
  { clients, output, hasStream }: Deployment,
  messageId: string,
): Promise<TraceStep[]> => {
  const record = readRecordId(messageId);
  if (!record || !hasStream) return [];
  const { shardId: ShardId, sequenceNumber } = record;
  try {
    const { ShardIterator } = await clients.kinesis.send(
      new GetShardIteratorCommand({
        ...{ StreamName: output('EventStreamName'), ShardId },
        ...{ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: sequenceNumber },
      }),
    );
    const { Records = [] } = await clients.kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
    const [first] = Records;
    if (first?.SequenceNumber !== sequenceNumber) return [];
    const at = first.ApproximateArrivalTimestamp?.getTime();
    const what = `It came in by the stream, partition key ${first.PartitionKey ?? ''}, ${counted(first.Data?.length ?? 0, 'byte')}.`;
    return [{ at, where: 'stream', what, details: { shardId: ShardId, sequenceNumber } }];
  } catch (error) {
    // A sequence number that the shard never had, or has no more.
    if (/^(InvalidArgument|ResourceNotFound)/.test(codeOf(error))) return [];
    throw error;
  }
};
