import * as z from 'zod/mini';

/** What the undelivered queue holds, as JSON: a message, and the sessions that did not get it. */
export const deadLetterSchema = z.object({
  /** Why: an error's name or SQS's code. */
  reason: z.string(),
  /** Epoch milliseconds. */
  parkedAt: z.int(),
  messageId: z.string(),
  /** Epoch milliseconds. */
  sentAt: z.int(),
  accountId: z.int(),
  /** Absent when it was too large to travel and is no longer kept. */
  body: z.exactOptional(z.string()),
  /** None when the message is for whomever its body names. */
  targets: z.array(z.object({ accountId: z.int(), sessionId: z.string(), queueUrl: z.string() })),
});
export type DeadLetter = z.output<typeof deadLetterSchema>;
