import { deadLetterSchema } from '../../functions/dispatch/dead-letters.ts';
import { readAddressees, type InlineMessage } from '../../functions/dispatch/message.ts';
import { readJson } from '../json.ts';
import type { MessageBodies } from './message-bodies.ts';
import type { Content } from './queue-messages.ts';

/**
 * The messages of a dead letter: one for each session that did not get it, or one for all that it names, under the id it had.
 * @param bodies where a body is that is not in the dead letter
 */
export const readUndelivered =
  (bodies: Pick<MessageBodies, 'read'>) =>
  async (text: string): Promise<Content> => {
    const deadLetter = readJson(deadLetterSchema, text);
    if (!deadLetter) return { reason: 'it is not a dead letter' };
    const { messageId, sentAt, accountId, bodyKey, targets } = deadLetter;
    const body = bodyKey === undefined ? deadLetter.body : await bodies.read(bodyKey);
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
