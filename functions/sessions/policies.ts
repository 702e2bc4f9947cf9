/** What a browser may do with its queue, as a queue policy and a session policy say it. */
const browserActions = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
];

const subjectKey = 'cognito-identity.amazonaws.com:sub';

/** Whom a queue is for. */
export interface QueueOwner {
  readonly identityId: string;
  readonly sessionName: string;
}

export interface BrowserRole {
  readonly browserRoleArn: string;
  /** The role's unique id, AROA…, the first half of aws:userid. */
  readonly browserRoleId: string;
}

/**
 * The policy of a session's queue. The session name is known to nobody but us and STS; the identity is checked as well
 * where the request's context has it. A refresh changes both, which shuts out the keys issued before.
 *
 * aws:SecureTransport is part of every request's context, so Bool is enough, as in the SQS guide's own example ("Enforce
 * encryption of data in transit").
 */
export const queuePolicy = (queueArn: string, owner: QueueOwner, role: BrowserRole): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SessionKeysOnly',
        Effect: 'Allow',
        Principal: { AWS: role.browserRoleArn },
        Action: browserActions,
        Resource: queueArn,
        Condition: {
          StringEquals: { 'aws:userid': `${role.browserRoleId}:${owner.sessionName}` },
          StringEqualsIfExists: { [subjectKey]: owner.identityId },
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

/** The session policy that keys are issued with: one queue, and none but a browser's actions. STS takes 2048 characters. */
export const sessionPolicy = (queueArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: browserActions, Resource: queueArn }],
  });

/** The identity a queue's policy lets in; undefined when the policy is none of ours. */
export const identityOf = (policy: string | undefined): string | undefined =>
  policy === undefined
    ? undefined
    : new RegExp(`"${subjectKey}"\\s*:\\s*\\[?\\s*"([\\w-]+:[0-9a-f-]+)"`).exec(policy)?.[1];
