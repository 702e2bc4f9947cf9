/** What a browser may do with its queue, as a queue policy and a session policy say it. */
const browserActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

/** Whom a queue is for. */
export interface QueueOwner {
  readonly identityId: string;
  readonly sessionName: string;
  readonly nextSessionName?: string;
}

/** What the queue policies of a stack have in common; the names of environment variables. */
export interface QueuePolicyContext {
  readonly browserRoleArn: string;
  /** The role's unique id, AROA…, the first half of aws:userid. */
  readonly browserRoleId: string;
  /** The table that has the sessions of these queues. */
  readonly sessionTableName: string;
  /** The condition key that has the identity, `cognito-identity.amazonaws.com:sub`; `none` for policies without it. */
  readonly subjectKey: string;
}

/**
 * The policy of a session's queue. It lets in two role session names: the one of the keys in use, and the one a refresh
 * will issue keys under, since a changed policy may take 60 seconds to be in force (SetQueueAttributes in SQS's API
 * reference). Nobody but us and STS knows either. Where the request's context has the identity, that is checked as well.
 *
 * aws:SecureTransport is part of every request's context, so Bool is enough, as in the SQS guide's own example ("Enforce
 * encryption of data in transit").
 */
export const queuePolicy = (queueArn: string, owner: QueueOwner, context: QueuePolicyContext): string => {
  const { sessionName, nextSessionName } = owner;
  const names = nextSessionName === undefined ? [sessionName] : [sessionName, nextSessionName];
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

/** The session policy that keys are issued with: one queue, and none but a browser's actions. STS takes 2048 characters. */
export const sessionPolicy = (queueArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: browserActions, Resource: queueArn }],
  });
