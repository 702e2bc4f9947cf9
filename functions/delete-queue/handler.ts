import * as z from 'zod/mini';
import { openSqs, type SQSClient } from '../aws/clients.ts';
import { QueueDoesNotExist } from '../aws/errors.ts';
import { isNewQueue } from '../sessions/session-record.ts';
import { deleteQueue } from '../sessions/queues.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({
  queueUrl: z.string(),
  /** Of the session, epoch seconds. A machine of an older version, while a deployment is under way, does not say it. */
  createdAt: z._default(z.number(), 0),
});

interface Dependencies {
  readonly sqs: SQSClient;
  readonly now: () => number;
}

/**
 * Deletes a session's queue. One that does not exist counts as deleted.
 * @throws QueueDoesNotExist when the queue may only be too new: taken for deleted, it would live on, and open to its keys
 */
export const handle =
  ({ sqs, now }: Dependencies) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const { queueUrl, ...session } = inputSchema.parse(input);
    const found = await deleteQueue(sqs, queueUrl);
    if (!found && isNewQueue(session, now())) throw new QueueDoesNotExist('sqs:DeleteQueue');
    return {};
  };

export const handler = task('delete-queue', [], ({ now }) => handle({ sqs: openSqs(), now }));
