import { parkedSchema } from '../functions/messages/parked.ts';
import { redriveRecord } from '../functions/messages/redrive-envelope.ts';
import { parseJson } from './json.ts';
import type { Content } from './queue-messages.ts';

/**
 * What a parked message becomes: a record for each session that did not get it, or one for all it names, under the id the
 * message had.
 */
export function readUndelivered(text: string): Content {
  const parked = parkedSchema.safeParse(parseJson(text));
  if (!parked.success) return { reason: 'it is no parked message' };
  const { messageId, sentAt, accountId, body, targets } = parked.data;
  if (body === undefined) return { reason: 'its body is lost' };
  const sessions = targets.length > 0 ? targets : [undefined];
  const puts = sessions.map((target) => {
    const { data, partitionKey } = redriveRecord({ messageId, sentAt, body, target }, accountId);
    return { data: Buffer.from(data), partitionKey };
  });
  return { puts, identities: sessions.map((target) => JSON.stringify([messageId, accountId, target?.sessionId])) };
}
