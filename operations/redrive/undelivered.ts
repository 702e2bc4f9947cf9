import { deadLetterSchema } from '../../functions/dispatch/dead-letter.ts';
import { redriveRecord } from '../../functions/dispatch/redrive-envelope.ts';
import { parseJson } from './json.ts';
import type { Content } from './queue-messages.ts';

/**
 * What a deadLettered message becomes: a record for each session that did not get it, or one for all it names, under the id the
 * message had.
 */
export const readUndelivered = (text: string): Content => {
  const deadLettered = deadLetterSchema.safeParse(parseJson(text));
  if (!deadLettered.success) return { reason: 'it is no deadLettered message' };
  const { messageId, sentAt, accountId, body, targets } = deadLettered.data;
  if (body === undefined) return { reason: 'its body is lost' };
  const sessions = targets.length > 0 ? targets : [undefined];
  const puts = sessions.map((target) => {
    const { data, partitionKey } = redriveRecord({ messageId, sentAt, body, target }, accountId);
    return { data: Buffer.from(data), partitionKey };
  });
  return { puts, identities: sessions.map((target) => JSON.stringify([messageId, accountId, target?.sessionId])) };
};
