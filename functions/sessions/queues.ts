import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { present, settle, settleUnless } from '../aws/aws-errors.ts';

const queueGone = ['QueueDoesNotExist', 'NonExistentQueue'];

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

/** What the cleanup asks of a queue. */
export interface QueueFacts {
  /** Epoch seconds. */
  readonly created: number;
  readonly policy: string | undefined;
}

/** When a queue was made and its policy; undefined when it is gone. */
export const readQueue = async (client: SQSClient, queueUrl: string): Promise<QueueFacts | undefined> => {
  const answer = client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['CreatedTimestamp', 'Policy'] }),
  );
  const facts = await settleUnless('sqs:GetQueueAttributes', answer, queueGone, undefined);
  return facts && { created: Number(facts.Attributes?.CreatedTimestamp), policy: facts.Attributes?.Policy };
};

/**
 * The URLs of the queues whose names start so, in pages of 1000.
 * @param goOn asked before each page; when it says no, null is answered
 */
export const listQueues = async (
  client: SQSClient,
  namePrefix: string,
  goOn: () => boolean,
): Promise<string[] | null> => {
  const urls: string[] = [];
  let next: string | undefined;
  do {
    if (!goOn()) return null;
    // Without MaxResults SQS answers at most 1000 queues and no NextToken (ListQueues in its API reference).
    const command = new ListQueuesCommand({ QueueNamePrefix: namePrefix, MaxResults: 1000, NextToken: next });
    const page = await settle('sqs:ListQueues', client.send(command));
    urls.push(...(page.QueueUrls ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return urls;
};
