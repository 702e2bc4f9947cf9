import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CleanupSchedule } from './cleanup-schedule.ts';
import { CleanupWorkflow } from './cleanup-workflow.ts';
import type { Configuration } from './context.ts';
import { poolName, stackName } from './context.ts';
import { DispatchWorkflow } from './dispatch-workflow.ts';
import { EventStream } from './event-stream.ts';
import type { FunctionBundles } from './function-bundles.ts';
import { Identity } from './identity.ts';
import { MessagesTable } from './messages-table.ts';
import { Monitoring } from './monitoring.ts';
import { DeadLetterQueues, SessionQueues } from './queues.ts';
import { SessionApi } from './session-api/session-api.ts';
import { SessionWorkflows } from './session-workflows.ts';
import { SessionsTable } from './sessions-table.ts';
import { acknowledgeFindings } from './suppressions.ts';

export interface SqsBrowserStackProps {
  readonly configuration: Configuration;
  readonly bundles: FunctionBundles;
}

/**
 *     backend ──▶ API ──▶ session workflows ──▶ sessions, identities, queues
 *     producers ─▶ stream ──▶ router ──▶ dispatch workflow ──▶ queues
 *     schedule ─▶ cleanup workflow
 */
export class SqsBrowserStack extends Stack {
  constructor(scope: Construct, { configuration, bundles }: SqsBrowserStackProps) {
    const name = stackName(configuration.stage);
    super(scope, name, { stackName: name, description: 'Serverless long polling for browsers' });

    const identity = new Identity(this, 'Identity', {
      keyHours: configuration.keyHours,
      poolName: poolName(configuration.stage),
      existingPoolId: configuration.identityPoolId,
    });
    const sessions = new SessionsTable(this, 'Sessions');
    const messages = new MessagesTable(this, 'Messages');
    const queues = new SessionQueues(this, 'SessionQueues', { prefix: configuration.queuePrefix });
    const deadLetters = new DeadLetterQueues(this, 'DeadLetters');
    const events = new EventStream(this, 'Events', {
      mode: configuration.streamMode,
      shardCount: configuration.shardCount,
    });

    const workflows = new SessionWorkflows(this, 'SessionWorkflows', {
      bundles,
      configuration,
      identity,
      queues,
      sessions,
    });
    const { cleanup } = new CleanupWorkflow(this, 'CleanupWorkflow', {
      bundles,
      gracePeriod: configuration.gracePeriod,
      identity,
      queues,
      sessions,
    });
    new CleanupSchedule(this, 'CleanupSchedule', { cleanup, every: configuration.cleanupEvery });

    const { dispatch, router } = new DispatchWorkflow(this, 'DispatchWorkflow', {
      bundles,
      deadLetters,
      messages,
      queues,
      sessions,
      logData: configuration.logDispatchData,
    });
    const mapping = events.deliverTo(router);

    const { createSession, renewSession, sessionStatus, listSessions, destroySession } = workflows;
    const machines = { createSession, renewSession, sessionStatus, listSessions, destroySession, cleanup, dispatch };
    const { api } = new SessionApi(this, 'SessionApi', {
      name,
      stage: configuration.stage,
      machines,
      allowedOrigins: configuration.allowedOrigins,
      allowedCidrs: configuration.apiAllowedCidrs,
    });
    new Monitoring(this, 'Monitoring', {
      ...{ api, cleanup, dispatch, deadLetters, mapping, router },
      alarmTopicArn: configuration.alarmTopicArn,
    });

    this.#output({
      ApiUrl: api.url,
      EventStreamName: events.stream.streamName,
      SessionTableName: sessions.table.tableName,
      RejectedQueueUrl: deadLetters.rejected.queueUrl,
      UndeliveredQueueUrl: deadLetters.undelivered.queueUrl,
      FailedBatchBucketName: events.failedBatches.bucketName,
      IdentityPoolId: identity.poolId,
      BrowserRoleArn: identity.browserRole.roleArn,
      CreateSessionMachineArn: createSession.machine.stateMachineArn,
      RenewSessionMachineArn: renewSession.machine.stateMachineArn,
      SessionStatusMachineArn: sessionStatus.machine.stateMachineArn,
      ListSessionsMachineArn: listSessions.machine.stateMachineArn,
      DestroySessionMachineArn: destroySession.machine.stateMachineArn,
      CleanupMachineArn: cleanup.machine.stateMachineArn,
      DispatchMachineArn: dispatch.machine.stateMachineArn,
    });
    acknowledgeFindings(this, {
      queuePrefix: queues.prefix,
      failedBatches: events.failedBatches,
      ...{ identity, deadLetters, router, dispatch, api },
    });
  }

  #output(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
