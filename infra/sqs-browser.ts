import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { makeAlarms, type AlarmName } from './alarms.ts';
import { checkProps } from './check-props.ts';
import { namesOf, type CommonProps } from './common.ts';
import { EventStream } from './event-stream.ts';
import { folders } from './files.ts';
import { IdempotencyTable } from './idempotency-table.ts';
import { Identity } from './identity.ts';
import { ImportedSqsBrowser, type SqsBrowserAttributes } from './imported-service.ts';
import { MachineSchedule } from './machine-schedule.ts';
import { MessageBucket } from './message-bucket.ts';
import { addOutputs } from './outputs.ts';
import { PairsTable } from './pairs-table.ts';
import { makeDashboard } from './dashboard.ts';
import { DeadLetterQueues, SessionQueues } from './queues.ts';
import { SqsBrowserBase, type ISqsBrowser } from './service.ts';
import { SessionApi } from './session-api/session-api.ts';
import { SessionsTable } from './sessions-table.ts';
import type { Configuration } from './settings.ts';
import type { SqsBrowserProps } from './sqs-browser-props.ts';
import { acknowledgeFindings } from './suppressions.ts';
import { Workflows, type MachineName } from './workflows.ts';

/**
 * Pushes events to browsers over SQS long polling:
 *
 *     backend ──▶ API ──▶ session machines ──▶ sessions, identities, queues
 *     producers ─▶ stream ──▶ router ──▶ dispatch machine ──▶ queues
 *     schedule ─▶ cleanup machine; with a pool, fill-pool machine ──▶ pairs of an identity and a queue
 *
 * Several can be in a stack and in an account. A wrong prop is a ConfigurationError that names it.
 */
export class SqsBrowser extends SqsBrowserBase {
  /** A service that was deployed before, in the same account and Region. */
  static fromAttributes(scope: Construct, id: string, attributes: SqsBrowserAttributes): ISqsBrowser {
    return new ImportedSqsBrowser(scope, id, attributes);
  }

  /** The API that backends call. */
  readonly api: RestApi;
  readonly apiUrl: string;
  readonly eventStream: IStream | undefined;
  /** Where Lambda writes batches of the stream that failed; undefined without a stream. */
  readonly failedBatchBucket: Bucket | undefined;
  /** One record for each session. */
  readonly sessionsTable: Table;
  /** The bodies of messages that are too large to pass through the dispatch machine; each expires after a day. */
  readonly messageBucket: Bucket;
  /** Which events publish calls have sent under an idempotency key; each item counts for five minutes. */
  readonly idempotencyTable: Table;
  /** Pairs of a queue and an identity that wait for a session; undefined without a pool. */
  readonly pairsTable: Table | undefined;
  /** Records of the stream that are no messages; undefined without a stream. */
  readonly rejectedQueue: IQueue | undefined;
  /** Messages that a session did not get. */
  readonly undeliveredQueue: IQueue;
  readonly identityPoolId: string;
  /** What browsers act as. It may do nothing; a session policy and a queue policy give each browser its one queue. */
  readonly browserRole: IRole;
  /** The alarms by their names, such as `alarms.MessagesUndelivered`; none with `hasAlarms: false`. */
  readonly alarms: Readonly<Partial<Record<AlarmName, Alarm>>> = {};
  readonly serviceName: string;
  readonly #workflows: Workflows;

  /** @throws ConfigurationError that names a prop which is not right, or a Region without Cognito identity pools */
  constructor(scope: Construct, id: string, props: SqsBrowserProps = {}) {
    super(scope, id);
    const configuration = checkProps(this, props);
    const names = namesOf(this, props.name);
    const common: CommonProps = {
      names,
      isTraced: configuration.traces === 'sampled',
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
      logRemovalPolicy: props.logRemovalPolicy ?? RemovalPolicy.DESTROY,
    };
    const stores = makeStores(this, configuration, props);
    const events = makeEvents(this, configuration, { ...props, consumerName: names.unique('router') });
    const functions = props.functions ?? folders.functions;
    const workflows = new Workflows(this, {
      ...common,
      ...{ functions, hasStream: events !== undefined, resources: { configuration, ...stores } },
    });
    const { router, sendDeadLetters } = workflows;
    const stream = router && events && { events, router, mapping: events.deliverTo(router) };
    const cleanup = workflows.machine('cleanup');
    makeSchedules(this, workflows, configuration);
    const sessionApi = new SessionApi(this, 'SessionApi', {
      ...common,
      ...{ configuration, workflows, policy: props.apiPolicy },
      stage: props.apiStage ?? 'prod',
      vpcEndpoints: props.vpcEndpoints ?? [],
    });

    this.api = sessionApi.api;
    this.apiUrl = this.api.url;
    this.eventStream = events?.stream;
    this.failedBatchBucket = events?.failedBatches;
    this.sessionsTable = stores.sessions.table;
    this.messageBucket = stores.messages.bucket;
    this.idempotencyTable = stores.idempotency.table;
    this.pairsTable = stores.pairs?.table;
    this.rejectedQueue = stores.deadLetters.rejected;
    this.undeliveredQueue = stores.deadLetters.undelivered;
    this.identityPoolId = stores.identity.poolId;
    this.browserRole = stores.identity.browserRole;
    this.serviceName = names.service;
    this.#workflows = workflows;

    const watched = { api: this.api, dispatch: workflows.machine('dispatch'), deadLetters: stores.deadLetters };
    const monitoring = new Construct(this, 'Monitoring');
    if (props.hasAlarms !== false) {
      this.alarms = makeAlarms(monitoring, {
        ...watched,
        ...{ cleanup, cleanupEvery: configuration.cleanupEvery, sendDeadLetters, stream },
        pool: workflows.fillPool && { fillPool: workflows.fillPool, service: names.service },
        action: props.alarmTopic && new SnsAction(props.alarmTopic),
      });
    }
    if (props.hasDashboard !== false) {
      makeDashboard(monitoring, { ...watched, names, router, hasPool: stores.pairs !== undefined });
    }
    if (props.hasOutputs !== false) addOutputs(this);
    acknowledgeFindings(this, { ...stores, events, workflows, sessionApi });
  }

  /** A state machine, by the name of its file: `dispatch`. */
  machine(name: MachineName): IStateMachine {
    return this.#workflows.machine(name).machine;
  }

  protected override arnForPath(path: string): string {
    return this.api.arnForExecuteApi('*', path, this.api.deploymentStage.stageName);
  }
}

/** The tables and queues of sessions and messages. */
const makeStores = (scope: Construct, configuration: Configuration, props: SqsBrowserProps) => {
  const { encryptionKey, removalPolicy = RemovalPolicy.RETAIN } = props;
  const queues = new SessionQueues(scope, 'SessionQueues', {
    prefix: configuration.queuePrefix,
    formerPrefixes: configuration.formerQueuePrefixes,
  });
  return {
    queues,
    identity: new Identity(scope, 'Identity', {
      keyLifetime: configuration.keyLifetime,
      poolName: props.identityPoolName,
      existingPoolId: configuration.identityPoolId,
      formerPoolIds: configuration.formerIdentityPoolIds,
      identities: configuration.identities,
      checkSubject: configuration.queuePolicySubject,
      queueArns: queues.arns,
    }),
    sessions: new SessionsTable(scope, 'Sessions', { encryptionKey, removalPolicy }),
    messages: new MessageBucket(scope, 'Messages', { encryptionKey, removalPolicy }),
    idempotency: new IdempotencyTable(scope, 'Idempotency', { encryptionKey }),
    pairs: configuration.poolSize > 0 ? new PairsTable(scope, 'Pairs', { encryptionKey }) : undefined,
    deadLetters: new DeadLetterQueues(scope, 'DeadLetters', {
      hasStream: configuration.streamMode !== 'NONE',
      removalPolicy,
    }),
  };
};

const makeSchedules = (scope: Construct, workflows: Workflows, { cleanupEvery }: Configuration): void => {
  new MachineSchedule(scope, 'CleanupSchedule', {
    description: 'Removes abandoned sessions',
    workflow: workflows.machine('cleanup'),
    every: cleanupEvery,
    // Under the five minutes an Express execution may take.
    input: { budgetSeconds: 240 },
  });
  if (!workflows.fillPool) return;
  new MachineSchedule(scope, 'FillPoolSchedule', {
    description: 'Makes the queues and identities that the pool lacks',
    workflow: workflows.fillPool,
    every: Duration.minutes(1),
  });
};

const makeEvents = (
  scope: Construct,
  { streamMode, ...configuration }: Configuration,
  props: SqsBrowserProps & { readonly consumerName: string },
): EventStream | undefined =>
  streamMode === 'NONE'
    ? undefined
    : new EventStream(scope, 'Events', {
        existing: props.eventStream,
        mode: streamMode,
        shardCount: configuration.shardCount,
        parallelizationFactor: configuration.parallelizationFactor,
        enhancedFanOut: configuration.enhancedFanOut,
        consumerName: props.consumerName,
        removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      });
