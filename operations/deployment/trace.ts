import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { listDeadLetters, places } from './dead-letters.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { functionGroups, readFields, readLogLines } from './logs.ts';

/** Something that is known of a message, with the time at which it was so. */
export interface TraceStep {
  /** Epoch milliseconds; undefined for what is so now. */
  readonly at: number | undefined;
  /** Where it was seen: `router`, `stream`, `undelivered`. */
  readonly where: string;
  /** One sentence. */
  readonly what: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What became of a message, in one word. */
export type Fate =
  | 'delivered'
  | 'dead-lettered'
  | 'rejected'
  | 'addressed to nobody'
  | 'in a failed batch'
  | 'being tried again'
  | 'on the stream'
  | 'unknown';

export interface Trace {
  readonly messageId: string;
  readonly fate: Fate;
  /** The oldest first. */
  readonly steps: readonly TraceStep[];
}

/** The functions that a message passes on its way. */
const functionsOnTheWay = [
  ...['router', 'route-messages', 'deliver-batch', 'send-dead-letters', 'count-deliveries', 'continue-dispatch'],
];

/** `shardId-000000000000:4956…`: a record's shard and sequence number, which are a message's id when it came by the stream. */
const readRecordId = (messageId: string) => {
  const [, shardId, sequenceNumber] = /^(shardId-\d+):(\d+)$/.exec(messageId) ?? [];
  return shardId !== undefined && sequenceNumber !== undefined ? { shardId, sequenceNumber } : undefined;
};

const includes = (list: unknown, id: string): boolean => Array.isArray(list) && list.includes(id);

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const sessions = (count: number): string => `${count} session${count === 1 ? '' : 's'}`;

/** What a line of a function's log says of the message. */
const describeLine = (messageId: string, fields: Readonly<Record<string, unknown>>): string => {
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : 'no reason given';
  switch (fields['message']) {
    case 'MESSAGES_DISPATCHED':
      if (includes(fields['forNobody'], messageId))
        return 'It was addressed to nobody: no session of its account matched.';
      return `A dispatch of ${sessions(number(fields['sessions']))} delivered it, ${number(fields['delivered'])} deliveries in all.`;
    case 'RECORD_REJECTED':
      return `The router rejected it: ${reason}.`;
    case 'BATCH_NOT_DONE':
      return `Its batch was not done and comes again: ${reason}.`;
    case 'MESSAGES_UNDELIVERED':
      return `${sessions(number(fields['sessions']))} did not take it: ${reason}.`;
    default:
      return typeof fields['message'] === 'string' ? `${fields['message']}.` : 'A line of the log has its id.';
  }
};

const logSteps = async (deployment: Deployment, messageId: string, since: number): Promise<TraceStep[]> => {
  const groups = functionGroups(deployment);
  const found = await Promise.all(
    functionsOnTheWay.map(async (name) => {
      const group = groups.get(name);
      if (group === undefined) return [];
      const lines = await readLogLines(deployment, { group, since, pattern: `"${messageId}"` }, 100);
      return lines.flatMap(({ timestamp, message }) => {
        const fields = readFields(message);
        return fields ? [{ at: timestamp, where: name, what: describeLine(messageId, fields), details: fields }] : [];
      });
    }),
  );
  return found.flat();
};

const describeDeadLetter = ({ place, reason, detail, sessions: names }: DeadLetter): string => {
  switch (place) {
    case 'undelivered':
      return names.length === 0
        ? `It waits in the undelivered queue for everybody it names: ${reason}.`
        : `It waits in the undelivered queue for ${sessions(names.length)} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}): ${reason}.`;
    case 'rejected':
      return `It waits in the rejected queue: ${detail ?? reason}`;
    case 'failed-batches':
      return `Its batch is in the bucket of failed batches: ${reason}.`;
  }
};

const deadLetterSteps = async (deployment: Deployment, messageId: string): Promise<TraceStep[]> => {
  const lists = await Promise.all(places.map((place) => listDeadLetters(deployment, place, 1_000)));
  return lists
    .flat()
    .filter(({ messageIds }) => messageIds.includes(messageId))
    .map((letter) => ({
      at: letter.at,
      where: letter.place,
      what: describeDeadLetter(letter),
      details: { ...letter, body: undefined },
    }));
};

/** Whether the stream still has the record. */
const streamStep = async ({ clients, output }: Deployment, messageId: string): Promise<TraceStep[]> => {
  const record = readRecordId(messageId);
  if (!record) return [];
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
    const what = `It came in by the stream, partition key ${first.PartitionKey ?? ''}, ${first.Data?.length ?? 0} bytes.`;
    return [{ at, where: 'stream', what, details: { shardId: ShardId, sequenceNumber } }];
  } catch (error) {
    // A sequence number that the shard never had, or has no more.
    if (error instanceof Error && /^(InvalidArgument|ResourceNotFound)/.test(error.name)) return [];
    throw error;
  }
};

const fateOf = (messageId: string, steps: readonly TraceStep[]): Fate => {
  const at = (where: string): boolean => steps.some((step) => step.where === where);
  const logged = (code: string) => steps.find(({ details }) => details['message'] === code);
  if (at('undelivered')) return 'dead-lettered';
  if (at('rejected') || logged('RECORD_REJECTED')) return 'rejected';
  const dispatched = logged('MESSAGES_DISPATCHED');
  if (dispatched) return includes(dispatched.details['forNobody'], messageId) ? 'addressed to nobody' : 'delivered';
  if (at('failed-batches')) return 'in a failed batch';
  if (logged('BATCH_NOT_DONE')) return 'being tried again';
  return at('stream') ? 'on the stream' : 'unknown';
};

/**
 * Everything that is known of a message: from the functions' logs, the stream and the places where dead letters wait.
 * @param since how far back the logs are read, epoch milliseconds
 */
export const traceMessage = async (deployment: Deployment, messageId: string, since: number): Promise<Trace> => {
  const found = await Promise.all([
    streamStep(deployment, messageId),
    logSteps(deployment, messageId, since),
    deadLetterSteps(deployment, messageId),
  ]);
  const steps = found.flat().sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity));
  return { messageId, fate: fateOf(messageId, steps), steps };
};
