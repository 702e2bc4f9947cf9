import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { openSqs } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { queuePolicy } from '../sessions/policies.ts';
import { newQueueName } from '../sessions/queue-names.ts';
import { createQueue } from '../sessions/queues.ts';
import { identitySchema } from '../sessions/session-record.ts';
import { task } from '../aws/task.ts';

const inputSchema = z.object({
  request: z.object({ messageRetentionPeriod: z.exactOptional(z.number()) }),
  identity: identitySchema,
});

/**
 * Makes the session's queue, with its policy from the start: a policy set later may take a minute to be in force. Made
 * again for the same identity, it is the same queue.
 */
export const handle =
  (
    { sqs }: { readonly sqs: SQSClient },
    environment: Environment<
      | 'sessionTableName'
      | 'queuePrefix'
      | 'queueArnPrefix'
      | 'browserRoleArn'
      | 'browserRoleId'
      | 'subjectKey'
      | 'messageRetention'
    >,
  ) =>
  async (input: unknown): Promise<{ queueUrl: string }> => {
    const { request, identity } = inputSchema.parse(input);
    const name = newQueueName(environment.queuePrefix, identity.sessionName);
    const policy = queuePolicy(environment.queueArnPrefix + name, identity, environment);
    const retention = request.messageRetentionPeriod ?? Number(environment.messageRetention);
    return { queueUrl: await createQueue(sqs, { name, policy, retention }) };
  };

export const handler = task(
  'make-queue',
  [
    'sessionTableName',
    'queuePrefix',
    'queueArnPrefix',
    'browserRoleArn',
    'browserRoleId',
    'subjectKey',
    'messageRetention',
  ],
  ({ environment }) => handle({ sqs: openSqs() }, environment),
);
