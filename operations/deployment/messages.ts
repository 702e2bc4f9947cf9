import type { Deployment } from './deployment.ts';
import { functionGroups, readFields, readLogLines } from './logs.ts';

/** What became of some messages that were dispatched or rejected together. */
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

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

const dispatched = (fields: Readonly<Record<string, unknown>>, at: number, line: string): MessageRow[] => {
  const forNobody = new Set(texts(fields['forNobody']));
  const sessions = count(fields['sessions']);
  return texts(fields['messageIds']).map((messageId) => ({
    ...{ messageId, at, id: `${line}:${messageId}` },
    sessions: forNobody.has(messageId) ? 0 : sessions,
    outcome: forNobody.has(messageId)
      ? 'for nobody'
      : count(fields['deadLettered']) > 0
        ? 'dead-lettered'
        : 'delivered',
  }));
};

const rejected = (fields: Readonly<Record<string, unknown>>, at: number, id: string): MessageRow[] => {
  const { recordId, reason } = fields as { readonly recordId?: string; readonly reason?: string };
  return recordId === undefined
    ? []
    : [{ messageId: recordId, at, id, sessions: 0, outcome: 'rejected', ...(reason !== undefined && { reason }) }];
};

/** The messages that dispatch has settled since then, the latest first. @param since epoch milliseconds */
export const listMessages = async (deployment: Deployment, since: number, max = 5_000): Promise<MessageRow[]> => {
  const groups = functionGroups(deployment);
  const found = await Promise.all(
    ['route-messages', 'deliver-batch', 'count-deliveries', 'router'].map(async (name) => {
      const group = groups.get(name);
      if (group === undefined) return [];
      const pattern = '?MESSAGES_DISPATCHED ?RECORD_REJECTED';
      const lines = await readLogLines(deployment, { group, since, pattern }, max);
      return lines.flatMap(({ timestamp, message, id }) => {
        const fields = readFields(message) ?? {};
        return fields['message'] === 'RECORD_REJECTED'
          ? rejected(fields, timestamp, id)
          : dispatched(fields, timestamp, id);
      });
    }),
  );
  return found
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(0, max);
};
