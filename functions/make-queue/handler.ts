import * as z from 'zod/mini';
import { openSqs, type SQSClient } from '../aws/clients.ts';
import { queuePolicyVariables, type Environment } from '../aws/environment.ts';
import { newQueueName, createQueue, queuePolicy, type QueuePolicyContext } from '../sessions/queues.ts';
import { identitySchema } from '../sessions/session-record.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({
  request: z.object({ messageRetentionPeriod: z.exactOptional(z.number()) }),
  identity: identitySchema,
});

/**
 * Makes the session's queue with its policy: a policy that is set later may take a minute to be in force. A repetition for the same
 * identity finds the same queue.
 */
export const handle =
  (
    { sqs }: { readonly sqs: SQSClient },
    environment: QueuePolicyContext & Environment<'queuePrefix' | 'queueArnPrefix' | 'messageRetention'>,
  ) =>
  async (input: unknown): Promise<{ queueUrl: string }> => {
    const { request, identity } = inputSchema.parse(input);
    const name = newQueueName(environment.queuePrefix, identity.nameSeed);
    const policy = queuePolicy(environment.queueArnPrefix + name, identity, environment);
    const retention = request.messageRetentionPeriod ?? Number(environment.messageRetention);
    return { queueUrl: await createQueue(sqs, { name, policy, retention }) };
  };

export const handler = task(
  'make-queue',
  [...queuePolicyVariables, 'queuePrefix', 'queueArnPrefix', 'messageRetention'],
  ({ environment }) => handle({ sqs: openSqs() }, environment),
);
