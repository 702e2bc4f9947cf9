import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { queuePolicyVariables, type EnvironmentKey } from '../functions/aws/environment.ts';
import type { IdempotencyTable } from './idempotency-table.ts';
import type { Identity } from './identity.ts';
import type { MessageBucket } from './message-bucket.ts';
import type { PairsTable } from './pairs-table.ts';
import type { DeadLetterQueues, SessionQueues } from './queues.ts';
import type { SessionsTable } from './sessions-table.ts';
import type { Configuration } from './settings.ts';

/** The resources that tasks use. */
export interface Resources {
  readonly configuration: Configuration;
  readonly deadLetters: DeadLetterQueues;
  readonly idempotency: IdempotencyTable;
  readonly identity: Identity;
  readonly messages: MessageBucket;
  /** Undefined where there is no pool. */
  readonly pairs: PairsTable | undefined;
  readonly queues: SessionQueues;
  readonly sessions: SessionsTable;
  /** The ARN of the dispatch machine. The router and publish, which are not part of that machine, start it. */
  readonly dispatchMachineArn: string;
}

export interface TaskDefinition {
  /** What it does, as the Lambda console shows it. */
  readonly description: string;
  /** Less than the TimeoutSeconds of every state that runs it, so that the function's own error arrives. Default 5. */
  readonly timeoutSeconds?: number;
  /** Megabytes, and with them its share of a CPU. Default 256. */
  readonly memory?: number;
  /** Whether context may reserve concurrent runs for it. Default no. */
  readonly reservable?: boolean;
  /** The variables that it reads. Default none. */
  readonly environment?: readonly EnvironmentKey[];
  /** Grants its role the calls that it makes. Default: only its own log. */
  readonly grant?: (task: IGrantable, resources: Resources) => void;
}

const define = <T extends Readonly<Record<string, TaskDefinition>>>(definitions: T): T => definitions;

/** The session machines: from a request to its answer. */
const sessionTasks = define({
  'find-session': {
    description: 'Checks the request and reads the session it names',
    environment: ['sessionTableName'],
    grant: (task, { sessions }) => sessions.grantRecords(task, 'GetItem'),
  },
  'start-create': {
    description: 'Checks the request, reads the session it names, and gives it an identity, new or from the pool',
    environment: [
      ...(['sessionTableName', 'pairTableName', 'identityPoolId', 'developerProvider', 'queuePrefix'] as const),
      ...(['poolGeneration', 'messageRetention', 'gracePeriod'] as const),
    ],
    grant: (task, { identity, pairs, sessions }) => {
      sessions.grantRecords(task, 'GetItem');
      pairs?.grantTake(task);
      identity.grantMakeIdentities(task);
    },
  },
  'issue-keys': {
    description: 'Gets temporary keys that open one queue',
    environment: [
      'identityPoolId',
      'developerProvider',
      'browserRoleArn',
      'sessionNameSecret',
      'queuePrefix',
      'queueArnPrefix',
      'keyHours',
    ],
    grant: (task, { identity }) => {
      identity.grantMakeIdentities(task);
    },
  },
  'make-queue': {
    description: 'Makes the queue of a new session, with its policy',
    environment: [...queuePolicyVariables, 'queuePrefix', 'queueArnPrefix', 'messageRetention'],
    grant: (task, { queues }) => queues.grant(task, 'CreateQueue'),
  },
  'record-session': {
    description: 'Records a new or refreshed session unless somebody else was faster',
    environment: ['sessionTableName'],
    grant: (task, { sessions }) => sessions.grantRecords(task, 'GetItem', 'PutItem'),
  },
  'set-policy': {
    description: "Makes a queue's policy say what the session's record says",
    environment: [...queuePolicyVariables, 'queueArnPrefix'],
    grant: (task, { sessions, queues }) => {
      sessions.grantRecords(task, 'DeleteItem', 'GetItem');
      queues.grant(task, 'SetQueueAttributes');
    },
  },
  'undo-create': {
    description: 'Deletes what a failed create made',
    environment: ['sessionTableName', 'queuePrefix'],
    grant: (task, { identity, queues, sessions }) => {
      sessions.grantRecords(task, 'GetItem');
      queues.grant(task, 'DeleteQueue', 'GetQueueUrl');
      identity.grantDeleteIdentities(task);
    },
  },
  'record-renewal': {
    description: 'Records until when the keys of a renewed session are valid',
    environment: ['sessionTableName'],
    grant: (task, { sessions }) => sessions.grantRecords(task, 'UpdateItem'),
  },
  'remove-record': {
    description: "Removes a session's record",
    environment: ['sessionTableName'],
    grant: (task, { sessions }) => sessions.grantRecords(task, 'DeleteItem'),
  },
  'delete-queue': {
    description: "Deletes a session's queue",
    grant: (task, { queues }) => queues.grant(task, 'DeleteQueue'),
  },
  'delete-identity': {
    description: "Deletes a session's guest identity",
    grant: (task, { identity }) => identity.grantDeleteIdentities(task),
  },
  'list-sessions': {
    description: 'Reads one page of the active sessions',
    timeoutSeconds: 10,
    environment: ['sessionTableName'],
    grant: (task, { sessions }) => sessions.grantRecords(task, 'Query', 'Scan'),
  },
});

/** The cleanup: removing what nobody uses. */
const cleanupTasks = define({
  'plan-cleanup': {
    description: 'Decides what to sweep, and until when',
    environment: ['sessionTableName', 'gracePeriod'],
    grant: (task, { sessions }) => sessions.grantRecords(task, 'DescribeTable', 'GetItem', 'PutItem'),
  },
  'sweep-shard': {
    description: 'Removes the abandoned sessions and queues of one shard',
    timeoutSeconds: 265,
    environment: ['sessionTableName', 'pairTableName', 'queuePrefixes', 'gracePeriod'],
    grant: (task, { identity, pairs, queues, sessions }) => {
      pairs?.grantList(task);
      sessions.grantQueryByShard(task);
      sessions.grantRecords(task, 'DeleteItem', 'Scan', 'UpdateItem');
      queues.grantList(task);
      queues.grant(task, 'DeleteQueue', 'GetQueueAttributes');
      identity.grantDeleteIdentities(task);
    },
  },
  'sweep-identities': {
    description: 'Removes guest identities that no session has',
    timeoutSeconds: 265,
    environment: ['sessionTableName', 'pairTableName', 'identityPoolId', 'identityPoolOwned', 'gracePeriod'],
    grant: (task, { identity, pairs, sessions }) => {
      pairs?.grantList(task);
      sessions.grantQueryByShard(task);
      sessions.grantRecords(task, 'DescribeTable', 'GetItem', 'PutItem');
      identity.grantListIdentities(task);
      identity.grantDeleteIdentities(task);
    },
  },
});

/** The pool: making pairs of a queue and an identity in advance. */
const poolTasks = define({
  'fill-pool': {
    description: 'Makes the pairs that the pool lacks, and removes those it no longer needs',
    timeoutSeconds: 55,
    environment: [
      ...queuePolicyVariables,
      ...(['pairTableName', 'identityPoolId', 'developerProvider', 'queuePrefix', 'queueArnPrefix'] as const),
      ...(['messageRetention', 'gracePeriod', 'poolGeneration', 'poolSize'] as const),
    ],
    grant: (task, { identity, pairs, queues }) => {
      pairs?.grantTake(task);
      pairs?.grantAdd(task);
      identity.grantMakeIdentities(task);
      identity.grantDeleteIdentities(task);
      queues.grant(task, 'CreateQueue', 'DeleteQueue');
    },
  },
});

/** From an event to the queues of its sessions. */
const dispatchTasks = define({
  'route-messages': {
    description: 'Finds the sessions that messages are for, and sends to them when they are few',
    timeoutSeconds: 28,
    environment: ['sessionTableName', 'messageBucketName'],
    grant: (task, { messages, queues, sessions }) => {
      sessions.grantQueryRoutes(task);
      messages.grantStore(task);
      messages.grantFetch(task);
      queues.grant(task, 'SendMessage');
    },
  },
  'deliver-batch': {
    description: 'Puts messages into the queues of some sessions',
    timeoutSeconds: 33,
    // Sending is work for the CPU: with four times as much it takes a quarter of the time, and costs the same.
    memory: 1024,
    environment: ['sessionTableName', 'messageBucketName'],
    grant: (task, { messages, queues, sessions }) => {
      sessions.grantQueryRoutes(task);
      messages.grantFetch(task);
      queues.grant(task, 'SendMessage');
    },
  },
  'send-dead-letters': {
    description: 'Sends messages that a session did not get to the undelivered queue',
    timeoutSeconds: 33,
    reservable: true,
    environment: ['undeliveredQueueUrl', 'sessionTableName', 'messageBucketName'],
    grant: (task, { deadLetters, messages, sessions }) => {
      sessions.grantQueryRoutes(task);
      messages.grantDeadLetters(task);
      deadLetters.grantSend(task, deadLetters.undelivered);
    },
  },
  'count-deliveries': { description: 'Adds up the results of deliveries and decides what comes next' },
  // May start the machine that it is part of.
  'continue-dispatch': { description: 'Starts a further execution for the sessions that this one has no time for' },
  // Run by the API, not by a machine: a call may carry more than the input of an execution.
  publish: {
    description: 'Checks the events of a publish call and starts their dispatch',
    timeoutSeconds: 28,
    // Mostly it waits for the dispatch. But 500 idempotency keys are 500 claims, which are work for the CPU.
    memory: 512,
    environment: ['dispatchMachineArn', 'messageBucketName', 'idempotencyTableName'],
    grant: (grantee, { idempotency, messages, dispatchMachineArn: machine }) => {
      idempotency.grantClaim(grantee);
      Grant.addToPrincipal({ grantee, actions: ['states:StartSyncExecution'], resourceArns: [machine] });
      messages.grantStore(grantee);
    },
  },
  // Run by the stream, not by a machine.
  router: {
    description: 'Checks records of the stream and starts the dispatch of their messages',
    // It waits for executions of up to five minutes each.
    timeoutSeconds: 900,
    environment: ['rejectedQueueUrl', 'dispatchMachineArn', 'messageBucketName'],
    grant: (grantee, { deadLetters, messages, dispatchMachineArn: machine }) => {
      deadLetters.grantSend(grantee, deadLetters.rejected);
      Grant.addToPrincipal({ grantee, actions: ['states:StartSyncExecution'], resourceArns: [machine] });
      messages.grantStore(grantee);
    },
  },
});

/** All functions, by their folders in functions/, grouped by the construct that contains them. */
export const taskGroups = {
  SessionWorkflows: sessionTasks,
  CleanupWorkflow: cleanupTasks,
  PoolWorkflow: poolTasks,
  DispatchWorkflow: dispatchTasks,
};

export type TaskGroup = keyof typeof taskGroups;

/** The folder of a function under functions/. */
export type TaskName = { [G in TaskGroup]: keyof (typeof taskGroups)[G] }[TaskGroup];

/** The names of all functions, in the order of the table. */
export const taskNames: readonly string[] = Object.values(taskGroups).flatMap((group) => Object.keys(group));

/** The values of all variables that tasks read. */
export const environmentOf = (resources: Resources): Readonly<Record<EnvironmentKey, string>> => {
  const { configuration, deadLetters, idempotency, identity, messages, pairs, queues, sessions } = resources;
  return {
    sessionTableName: sessions.table.tableName,
    messageBucketName: messages.bucket.bucketName,
    idempotencyTableName: idempotency.table.tableName,
    pairTableName: pairs?.table.tableName ?? 'none',
    identityPoolId: identity.poolId,
    identityPoolOwned: String(identity.poolOwned),
    developerProvider: identity.developerProvider,
    browserRoleArn: identity.browserRole.roleArn,
    browserRoleId: identity.browserRoleId,
    sessionNameSecret: identity.sessionNameSecret,
    subjectKey: identity.subjectKey,
    queuePrefix: queues.prefix,
    queuePrefixes: queues.prefixes.join(','),
    queueArnPrefix: queues.arnPrefix,
    keyHours: String(configuration.keyLifetime.toHours()),
    messageRetention: String(configuration.messageRetention.toSeconds()),
    gracePeriod: String(configuration.gracePeriod.toSeconds()),
    poolSize: String(configuration.poolSize),
    poolGeneration: pairs ? generationOf(resources) : 'none',
    rejectedQueueUrl: deadLetters.rejected?.queueUrl ?? '',
    undeliveredQueueUrl: deadLetters.undelivered.queueUrl,
    dispatchMachineArn: resources.dispatchMachineArn,
  };
};

/** What pairs are made with. It has the secret's ARN in place of the secret: a new secret has another ARN. */
const generationOf = ({ configuration, identity, queues, sessions }: Resources): string =>
  [
    ...[sessions.table.tableName, identity.browserRoleId, identity.subjectKey, identity.secretArn ?? 'none'],
    ...[identity.poolId, identity.developerProvider, queues.prefix, String(configuration.messageRetention.toSeconds())],
  ].join(' ');
