import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { present, settle, settleUnless } from '../aws/aws-errors.ts';

export const queueGone = ['QueueDoesNotExist', 'NonExistentQueue'];

/** How a queue is made; the retention in seconds. */
export interface NewQueue {
  readonly name: string;
  readonly policy: string;
  readonly retention: number;
}

/** Makes a queue, or finds the one an earlier call made; answers its URL. */
export const createQueue = async (client: SQSClient, { name, policy, retention }: NewQueue): Promise<string> => {
  const command = new CreateQueueCommand({
    QueueName: name,
    Attributes: { Policy: policy, MessageRetentionPeriod: `${retention}` },
  });
  const { QueueUrl } = await settle('sqs:CreateQueue', client.send(command));
  return present('sqs:CreateQueue', QueueUrl);
};

/** The URL of the queue of this name; undefined when there is none. */
export const findQueue = async (client: SQSClient, name: string): Promise<string | undefined> => {
  const answer = client.send(new GetQueueUrlCommand({ QueueName: name }));
  return (await settleUnless('sqs:GetQueueUrl', answer, queueGone, undefined))?.QueueUrl;
};

/**
 * Sets a queue's policy, and its retention in seconds where one is given; false when there is no such queue. SQS may take
 * 60 seconds to put a policy into force, and 15 minutes for a retention (SetQueueAttributes in its API reference).
 */
export const changeQueue = async (
  client: SQSClient,
  queueUrl: string,
  { policy, retention }: { readonly policy: string; readonly retention?: number | undefined },
): Promise<boolean> => {
  const Attributes = { Policy: policy, ...(retention !== undefined && { MessageRetentionPeriod: `${retention}` }) };
  const answer = client.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes }));
  return (await settleUnless('sqs:SetQueueAttributes', answer, queueGone, null)) !== null;
};

/** Deletes a queue; one that is gone already is deleted. */
export const deleteQueue = async (client: SQSClient, queueUrl: string): Promise<void> => {
  await settleUnless(
    'sqs:DeleteQueue',
    client.send(new DeleteQueueCommand({ QueueUrl: queueUrl })),
    queueGone,
    undefined,
  );
};
