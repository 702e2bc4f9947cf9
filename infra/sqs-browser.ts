import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { CleanupSchedule } from './cleanup-schedule.ts';
import { poolName, type Configuration } from './context.ts';
import { EventStream } from './event-stream.ts';
import type { FunctionBundles } from './function-bundles.ts';
import { Identity } from './identity.ts';
import { MessagesTable } from './messages-table.ts';
import { Monitoring } from './monitoring.ts';
import { DeadLetterQueues, SessionQueues } from './queues.ts';
import { SessionApi } from './session-api/session-api.ts';
import { SessionsTable } from './sessions-table.ts';
import { Workflows } from './workflows.ts';

export interface SqsBrowserProps {
  readonly configuration: Configuration;
  readonly bundles: FunctionBundles;
}

/**
 *     backend ──▶ API ──▶ session machines ──▶ sessions, identities, queues
 *     producers ─▶ stream ──▶ router ──▶ dispatch machine ──▶ queues
 *     schedule ─▶ cleanup machine
 */
export class SqsBrowser extends Construct {
  readonly api: RestApi;
  readonly deadLetters: DeadLetterQueues;
  readonly events: EventStream;
  readonly identity: Identity;
  readonly messages: MessagesTable;
  readonly queues: SessionQueues;
  readonly sessions: SessionsTable;
  readonly workflows: Workflows;

  constructor(scope: Construct, id: string, { configuration, bundles }: SqsBrowserProps) {
    super(scope, id);
    this.queues = new SessionQueues(this, 'SessionQueues', {
      prefix: configuration.queuePrefix,
      formerPrefixes: configuration.formerQueuePrefixes,
    });
    this.identity = new Identity(this, 'Identity', {
      keyHours: configuration.keyHours,
      poolName: poolName(configuration.stage),
      existingPoolId: configuration.identityPoolId,
      formerPoolIds: configuration.formerIdentityPoolIds,
      identities: configuration.identities,
      checkSubject: configuration.queuePolicySubject,
      queueArns: this.queues.arns,
    });
    this.sessions = new SessionsTable(this, 'Sessions');
    this.messages = new MessagesTable(this, 'Messages');
    this.deadLetters = new DeadLetterQueues(this, 'DeadLetters');
    this.events = new EventStream(this, 'Events', {
      mode: configuration.streamMode,
      shardCount: configuration.shardCount,
      parallelizationFactor: configuration.parallelizationFactor,
      enhancedFanOut: configuration.enhancedFanOut,
    });

    const { identity, sessions, messages, queues, deadLetters } = this;
    const parts = { configuration, identity, sessions, messages, queues, deadLetters };
    this.workflows = new Workflows(this, { ...parts, bundles });
    const { router } = this.workflows;
    const mapping = this.events.deliverTo(router);
    const cleanup = this.workflows.machine('cleanup');
    const dispatch = this.workflows.machine('dispatch');
    new CleanupSchedule(this, 'CleanupSchedule', { cleanup, every: configuration.cleanupEvery });

    this.api = new SessionApi(this, 'SessionApi', {
      stage: configuration.stage,
      workflows: this.workflows,
      allowedOrigins: configuration.allowedOrigins,
      allowedCidrs: configuration.apiAllowedCidrs,
      callers: configuration.apiCallers,
      logs: configuration.apiLogs,
    }).api;
    new Monitoring(this, 'Monitoring', {
      ...{ api: this.api, cleanup, dispatch, deadLetters, mapping, router, stream: this.events.stream },
      alarmTopicArn: configuration.alarmTopicArn,
    });
  }
}
