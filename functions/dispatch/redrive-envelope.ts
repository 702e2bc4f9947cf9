import * as z from 'zod/mini';
import { InvalidRequest } from '../aws/errors.ts';
import { parse, readAddressees } from './message-checks.ts';
import type { InlineMessage } from './message.ts';

/**
 * A record that puts a message back on the stream. It is told by its partition key, which only producers choose, and not
 * by anything in its data, which may come from people.
 */
const keyPrefix = 'sqs-browser-redrive/';

/** What comes back: the message under the id it had, for one session if only that one did not get it. */
export interface Redriven {
  readonly messageId: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  readonly body: string;
  readonly target?: { readonly accountId: number; readonly sessionId: string } | undefined;
}

const envelopeSchema = z.object({
  messageId: z.string().check(z.minLength(1), z.maxLength(256)),
  sentAt: z.int(),
  body: z.string(),
  target: z.optional(z.object({ accountId: z.int(), sessionId: z.string().check(z.minLength(1)) })),
});

/** The record for the stream. The messages of an account keep their order, having the same partition key. */
export const redriveRecord = (message: Redriven, accountId: number): { data: string; partitionKey: string } => {
  const { messageId, sentAt, body, target } = message;
  const only = target && { accountId: target.accountId, sessionId: target.sessionId };
  return { data: JSON.stringify({ messageId, sentAt, body, target: only }), partitionKey: `${keyPrefix}${accountId}` };
};

export const isRedriven = (partitionKey: string): boolean => partitionKey.startsWith(keyPrefix);

/** @throws InvalidRequest, MessageTooLarge */
export const readRedriven = (text: string): InlineMessage => {
  const envelope = envelopeSchema.safeParse(parse('record', text));
  if (!envelope.success) throw new InvalidRequest('record', text, 'what redrive writes under its partition key');
  const { messageId, sentAt, body, target } = envelope.data;
  const addressees = readAddressees('record', body);
  return { messageId, sentAt, body, ...(target ?? addressees) };
};
