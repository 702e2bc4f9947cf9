import type { Deployment } from './deployment.ts';
import { functionGroups, readFields, readLatestLines } from './logs.ts';

/** What became of a message. */
export interface MessageRow {
  readonly messageId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly outcome: 'delivered' | 'dead-lettered' | 'rejected' | 'for nobody';
  /** Sessions of its dispatch, all messages of it together. */
  readonly sessions: number;
  readonly reason?: string;
  readonly id: string;
}

/** A line of a function's log. */
interface Entry {
  readonly id: string;
  readonly at: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

const reasonOf = ({ reason }: Entry['fields']): Pick<MessageRow, 'reason'> =>
  typeof reason === 'string' ? { reason } : {};

const hasCode =
  (code: string) =>
  ({ fields }: Entry): boolean =>
    fields['message'] === code;

const rejectedRow = ({ id, at, fields }: Entry): MessageRow[] =>
  texts([fields['recordId']]).map((messageId) => ({
    ...{ messageId, at, id, sessions: 0, outcome: 'rejected' },
    ...reasonOf(fields),
  }));

const dispatchedRows = ({ id, at, fields }: Entry, deadLetters: ReadonlyMap<string, Entry>): MessageRow[] => {
  const forNobody = new Set(texts(fields['nobody']));
  const sessions = count(fields['sessions']);
  const anyDead = count(fields['deadLettered']) > 0;
  return texts(fields['messageIds']).map((messageId): MessageRow => {
    const row = { messageId, at, id: `${id}:${messageId}`, sessions };
    if (forNobody.has(messageId)) return { ...row, sessions: 0, outcome: 'for nobody' };
    const dead = anyDead ? deadLetters.get(messageId) : undefined;
    return dead ? { ...row, outcome: 'dead-lettered', ...reasonOf(dead.fields) } : { ...row, outcome: 'delivered' };
  });
};

/** The dead letters of dispatches that failed as a whole: nothing else was logged of them. */
const failedRows = (deadLetters: ReadonlyMap<string, Entry>, known: ReadonlySet<string>): MessageRow[] =>
  [...deadLetters]
    .filter(([messageId]) => !known.has(messageId))
    .map(([messageId, { id, at, fields }]) => ({
      ...{ messageId, at, id: `${id}:${messageId}`, sessions: count(fields['deadLettered']), outcome: 'dead-lettered' },
      ...reasonOf(fields),
    }));

const functionsThatSettle = ['route-messages', 'count-deliveries', 'send-dead-letters', 'router'];

const pattern = '?MESSAGES_DISPATCHED ?MESSAGES_DEAD_LETTERED ?RECORD_REJECTED';

const readEntries = async (deployment: Deployment, since: number, max: number): Promise<Entry[]> => {
  const groups = functionGroups(deployment);
  const found = await Promise.all(
    functionsThatSettle.flatMap(async (name) => {
      const group = groups.get(name);
      return group === undefined ? [] : readLatestLines(deployment, { group, since, pattern }, max);
    }),
  );
  return found.flat().map(({ id, timestamp, message }) => ({ id, at: timestamp, fields: readFields(message) ?? {} }));
};

/** The messages that were delivered or dead-lettered since then, the latest first. @param since epoch milliseconds */
export const listMessages = async (deployment: Deployment, since: number, max = 5_000): Promise<MessageRow[]> => {
  const entries = await readEntries(deployment, since, max);
  const deadLetters = new Map(
    entries
      .filter(hasCode('MESSAGES_DEAD_LETTERED'))
      .flatMap((entry) => texts(entry.fields['messageIds']).map((messageId) => [messageId, entry] as const)),
  );
  const dispatched = entries
    .filter(hasCode('MESSAGES_DISPATCHED'))
    .flatMap((entry) => dispatchedRows(entry, deadLetters));
  const rejected = entries.filter(hasCode('RECORD_REJECTED')).flatMap(rejectedRow);
  const known = new Set(dispatched.map(({ messageId }) => messageId));
  return [...dispatched, ...rejected, ...failedRows(deadLetters, known)].sort((a, b) => b.at - a.at).slice(0, max);
};
