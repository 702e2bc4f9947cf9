import type { SQSClient } from '../aws/clients.ts';
import { settle, settleUnless } from '../aws/errors.ts';
import { randomDigits, queueGone } from '../sessions/queues.ts';

/** The prefix of the names of a shard's queues. Names of another stack may have it too. */
export const shardPrefix = (prefix: string, shard: string): string => `${prefix}-${shard}`;

/** Whether newQueueName made the name: the prefix of another stack may begin with ours. */
export const isQueueOf = (prefix: string, shard: string, queueName: string): boolean => {
  const start = shardPrefix(prefix, shard);
  return (
    queueName.startsWith(start) && new RegExp(`^[0-9a-f]{${randomDigits - 1}}$`).test(queueName.slice(start.length))
  );
};

/** What the cleanup reads of a queue. */
export interface QueueFacts {
  /** Epoch seconds. */
  readonly created: number;
  readonly policy: string | undefined;
}

/** When a queue was made, and its policy; undefined when it does not exist. */
export const readQueue = async (client: SQSClient, queueUrl: string): Promise<QueueFacts | undefined> => {
  const answer = client.call('GetQueueAttributes', {
    QueueUrl: queueUrl,
    AttributeNames: ['CreatedTimestamp', 'Policy'],
  });
  const facts = await settleUnless('sqs:GetQueueAttributes', answer, queueGone, undefined);
  return facts && { created: Number(facts.Attributes?.CreatedTimestamp), policy: facts.Attributes?.Policy };
};

/**
 * The URLs of the queues whose names have this prefix, in pages of 1000.
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
    const sent = client.call('ListQueues', { QueueNamePrefix: namePrefix, MaxResults: 1000, NextToken: next });
    const page = await settle('sqs:ListQueues', sent);
    urls.push(...(page.QueueUrls ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return urls;
};
