import * as z from 'zod/mini';
import { deleteQueue, openQueues, type Queues } from '../sessions/queues.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({ queueUrl: z.string() });

/** Deletes a queue; one that is gone already is deleted. */
export const handle =
  ({ queues }: { readonly queues: Queues }) =>
  async (input: unknown): Promise<Record<string, never>> => {
    await deleteQueue(queues, inputSchema.parse(input).queueUrl);
    return {};
  };

export const handler = task('delete-queue', () => handle({ queues: openQueues() }));
