import { parkedSchema } from '../functions/messages/parked.ts';
import { redriveRecord } from '../functions/messages/redrive-envelope.ts';
import { parseJson } from './json.ts';
import type { Content } from './queue-messages.ts';

/** What a parked message becomes: a record for each session that did not get it, under the id the message had. */
export function readUndelivered(text: string): Content {
  const parked = parkedSchema.safeParse(parseJson(text));
  if (!parked.success) return { reason: 'it is no parked message' };
  const { messageId, sentAt, body, targets } = parked.data;
  if (body === undefined) return { reason: 'its body is lost' };
  const puts = targets.map(({ accountId, sessionId }) => {
    const { data, partitionKey } = redriveRecord(
      { messageId, sentAt, body, target: { accountId, sessionId } },
      accountId,
    );
    return { data: Buffer.from(data), partitionKey };
  });
  return {
    puts,
    identities: targets.map(({ accountId, sessionId }) => JSON.stringify([messageId, accountId, sessionId])),
  };
}
