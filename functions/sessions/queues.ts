import { createHash, createHmac } from 'node:crypto';
import type { SQSClient } from '../aws/clients.ts';
import type { Environment, queuePolicyVariables } from '../aws/environment.ts';
import { present, settle, settleUnless } from '../aws/errors.ts';

/** Hex digits after the prefix in a queue's name, 128 bits. */
export const randomDigits = 32;

/**
 * The name of the queue made for a session's first seed: `<prefix>-<32 hex digits>`. It is derived, so that a repeated
 * CreateQueue finds the queue of the first. A seed is never used twice, and so neither is a queue name.
 */
export const newQueueName = (prefix: string, nameSeed: string): string => {
  const digest = createHash('sha256').update(nameSeed).digest('hex');
  return `${prefix}-${digest.slice(0, randomDigits)}`;
};

/** A queue's name, the last segment of its URL, whatever the URL's host. */
export const queueNameOf = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

export const queueGone = ['QueueDoesNotExist', 'NonExistentQueue'];

/** A queue to be made; `retention` in seconds. */
export interface NewQueue {
  readonly name: string;
  readonly policy: string;
  readonly retention: number;
}

/** Makes a queue, or finds the one an earlier call made; answers its URL. */
export const createQueue = async (client: SQSClient, { name, policy, retention }: NewQueue): Promise<string> => {
  const sent = client.call('CreateQueue', {
    QueueName: name,
    Attributes: { Policy: policy, MessageRetentionPeriod: `${retention}` },
  });
  const { QueueUrl } = await settle('sqs:CreateQueue', sent);
  return present('sqs:CreateQueue', QueueUrl);
};

/** The URL of the queue of this name; undefined when there is none. */
export const findQueue = async (client: SQSClient, name: string): Promise<string | undefined> => {
  const answer = client.call('GetQueueUrl', { QueueName: name });
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
  const answer = client.call('SetQueueAttributes', { QueueUrl: queueUrl, Attributes });
  return (await settleUnless('sqs:SetQueueAttributes', answer, queueGone, null)) !== null;
};

/** Deletes a queue; false when there is no such queue. SQS may take 60 seconds to delete it (DeleteQueue in its API reference). */
export const deleteQueue = async (client: SQSClient, queueUrl: string): Promise<boolean> => {
  const answer = client.call('DeleteQueue', { QueueUrl: queueUrl });
  return (await settleUnless('sqs:DeleteQueue', answer, queueGone, null)) !== null;
};

/** What a browser may do with its queue, as a queue policy and a session policy say it. */
export const browserActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

/**
 * The role session name of a session's keys, 32 hex digits. The session's record has the seed only, so that the record does not
 * tell the name, which the queue's policy lets in.
 * @param secret the stack's
 * @param seed 128 random bits in hex, never used twice
 */
export const roleSessionName = (secret: string, seed: string): string =>
  createHmac('sha256', secret).update(seed).digest('hex').slice(0, 32);

/** What the queue policies of a stack have in common; the policy names the table that has the sessions of its queues. */
export type QueuePolicyContext = Environment<(typeof queuePolicyVariables)[number]>;

/** The session that a queue belongs to. */
export interface QueueOwner {
  readonly identityId: string;
  readonly nameSeed: string;
  readonly nextNameSeed?: string;
}

/**
 * The policy of a session's queue. It lets in two role session names: the one of the keys in use, and the one a refresh
 * will issue keys under, since a changed policy may take 60 seconds to be in force (SetQueueAttributes in SQS's API
 * reference). Only the stack and STS know them. Where the request's context has the identity, that is checked as well.
 *
 * aws:SecureTransport is part of every request's context, so Bool is enough, as in the SQS guide's own example ("Enforce
 * encryption of data in transit").
 */
export const queuePolicy = (queueArn: string, owner: QueueOwner, context: QueuePolicyContext): string => {
  const { nameSeed, nextNameSeed } = owner;
  const seeds = nextNameSeed === undefined ? [nameSeed] : [nameSeed, nextNameSeed];
  const names = seeds.map((seed) => roleSessionName(context.sessionNameSecret, seed));
  return JSON.stringify({
    Version: '2012-10-17',
    Id: context.sessionTableName,
    Statement: [
      {
        Sid: 'SessionKeysOnly',
        Effect: 'Allow',
        Principal: { AWS: context.browserRoleArn },
        Action: browserActions,
        Resource: queueArn,
        Condition: {
          StringEquals: { 'aws:userid': names.map((name) => `${context.browserRoleId}:${name}`) },
          ...(context.subjectKey !== 'none' && { StringEqualsIfExists: { [context.subjectKey]: owner.identityId } }),
        },
      },
      {
        Sid: 'EncryptedTransportOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: queueArn,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
};
