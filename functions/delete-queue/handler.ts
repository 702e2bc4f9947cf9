import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { openSqs } from '../aws/clients.ts';
import { deleteQueue } from '../sessions/queues.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({ queueUrl: z.string() });

/** Deletes a queue; one that is gone already is deleted. */
export const handle =
  ({ sqs }: { readonly sqs: SQSClient }) =>
  async (input: unknown): Promise<Record<string, never>> => {
    await deleteQueue(sqs, inputSchema.parse(input).queueUrl);
    return {};
  };

export const handler = task('delete-queue', [], () => handle({ sqs: openSqs() }));
