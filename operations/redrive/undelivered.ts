import { deadLetterSchema } from '../../functions/dispatch/dead-letters.ts';
import { readAddressees, type InlineMessage } from '../../functions/dispatch/message.ts';
import { readJson } from '../json.ts';
import type { Content } from './queue-messages.ts';

/**
 * The messages of a dead letter: one for each session that did not get it, or one for all that it names, under the id it had.
 */
export const readUndelivered = (text: string): Content => {
  const deadLetter = readJson(deadLetterSchema, text);
  if (!deadLetter) return { reason: 'it is not a dead letter' };
  const { messageId, sentAt, accountId, body, targets } = deadLetter;
  if (body === undefined) return { reason: 'its body is lost' };
  const messages =
    targets.length === 0
      ? [{ messageId, sentAt, body, ...readAddressees('body', body) }]
      : targets.map((target): InlineMessage => ({
          ...{ messageId, sentAt, body },
          accountId: target.accountId,
          sessionId: target.sessionId,
        }));
  const ids = targets.length === 0 ? [undefined] : targets.map(({ sessionId }) => sessionId);
  return {
    messages,
    records: [],
    identities: ids.map((sessionId) => JSON.stringify([messageId, accountId, sessionId])),
  };
};
