import { identities } from '../tools/identities.ts';

/** A call on the queues of all sessions, which a function may make by their prefix; of the destroyed one the name is left. */
const onSessions = (...actions: readonly string[]): readonly string[] =>
  actions.flatMap((action) => ['A', 'B', 'destroyed'].map((queue) => `sqs:${action} ${queue}`));

/** What makes an identity, and a token for one, where guests are off. */
const vouching = identities === 'developer' ? ['cognito-identity:GetOpenIdTokenForDeveloperIdentity'] : [];

/** Who may list the bucket learns that an object does not exist. */
const fetchMessages = ['s3:GetObject messages', 's3:ListObjectsV2 Messages'];

/**
 * Who may do what: everything that is not listed here is refused. By principal, the calls and what they are made on; a
 * role's name is its function's, or says whose it is.
 */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  "A's keys": ['sqs:ReceiveMessage A', 'sqs:DeleteMessage A', 'sqs:ChangeMessageVisibility A'],
  "B's keys": ['sqs:ReceiveMessage B', 'sqs:DeleteMessage B', 'sqs:ChangeMessageVisibility B'],
  // Two secrets of 122 and 128 random bits: who knows both is the session, as far as anybody can tell.
  ...(identities === 'guests' && {
    "guest with A's identity id and session name": [
      'sqs:ReceiveMessage A',
      'sqs:DeleteMessage A',
      'sqs:ChangeMessageVisibility A',
    ],
  }),
  FindSession: ['dynamodb:GetItem Sessions'],
  StartCreate: ['dynamodb:GetItem Sessions', ...vouching],
  IssueKeys: vouching,
  MakeQueue: onSessions('CreateQueue'),
  RecordSession: ['dynamodb:GetItem Sessions', 'dynamodb:PutItem Sessions'],
  SetPolicy: [...onSessions('SetQueueAttributes'), ...['dynamodb:GetItem Sessions', 'dynamodb:DeleteItem Sessions']],
  UndoCreate: [
    ...onSessions('GetQueueUrl', 'DeleteQueue'),
    ...['dynamodb:GetItem Sessions', 'cognito-identity:DeleteIdentities'],
  ],
  RecordRenewal: ['dynamodb:UpdateItem Sessions'],
  ListSessions: ['dynamodb:Scan Sessions', 'dynamodb:Query Sessions'],
  RemoveRecord: ['dynamodb:DeleteItem Sessions'],
  DeleteQueue: onSessions('DeleteQueue'),
  DeleteIdentity: ['cognito-identity:DeleteIdentities'],
  SweepShard: [
    ...onSessions('GetQueueAttributes', 'DeleteQueue'),
    ...['sqs:ListQueues', 'dynamodb:DeleteItem Sessions', 'dynamodb:Query byShard'],
    ...['dynamodb:Scan Sessions', 'dynamodb:UpdateItem Sessions'],
    'cognito-identity:DeleteIdentities',
  ],
  PlanCleanup: ['dynamodb:GetItem Sessions', 'dynamodb:PutItem Sessions'],
  SweepIdentities: [
    'dynamodb:GetItem Sessions',
    'dynamodb:PutItem Sessions',
    'dynamodb:Query byShard',
    'cognito-identity:ListIdentities',
    'cognito-identity:DeleteIdentities',
  ],
  Scheduler: ['states:StartExecution Cleanup'],
  RouteMessages: [
    ...onSessions('SendMessage'),
    ...['dynamodb:Query routes', 's3:PutObject messages', ...fetchMessages],
  ],
  DeliverBatch: [...onSessions('SendMessage'), 'dynamodb:Query routes', ...fetchMessages],
  SendDeadLetters: [
    'sqs:SendMessage undelivered',
    'dynamodb:Query routes',
    's3:PutObject dead-letters',
    ...fetchMessages,
  ],
  ContinueDispatch: ['states:StartExecution Dispatch'],
  Router: [
    ...['sqs:SendMessage rejected', 's3:PutObject messages', 'states:StartSyncExecution Dispatch'],
    ...['kinesis:GetShardIterator', 'kinesis:GetRecords'],
  ],
  Publish: ['s3:PutObject messages', 'states:StartSyncExecution Dispatch'],
  SessionApi: [
    'states:StartSyncExecution CreateSession',
    'states:StartSyncExecution RenewSession',
    'states:StartSyncExecution SessionStatus',
    'states:StartSyncExecution ListSessions',
    'states:StartSyncExecution DestroySession',
    'states:StartSyncExecution Cleanup',
    'states:StartSyncExecution Dispatch',
  ],
};

/** AWS lets everybody make these calls who signs with keys that are valid, whatever the policies say. */
export const allowedSigned = ['sts:GetCallerIdentity'];

/** AWS does not look at signatures here: a guest has none. A pool without guests refuses everybody. */
export const publicCalls = ['cognito-identity:GetId', 'cognito-identity:GetOpenIdToken A'];

export const allowedEverybody = identities === 'guests' ? publicCalls : [];

/** Whose keys are not valid; nobody knows who they are. */
export const unknown = new Set([
  'expired keys',
  "A's keys with a tampered token",
  "A's keys with another secret",
  'unsigned',
]);
