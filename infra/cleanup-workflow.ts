import { Construct } from 'constructs';
import type { FunctionBundles } from './function-bundles.ts';
import type { Identity } from './identity.ts';
import type { SessionQueues } from './queues.ts';
import type { SessionsTable } from './sessions-table.ts';
import { TaskFunction } from './task-function.ts';
import { Workflow } from './workflow.ts';

export interface CleanupWorkflowProps {
  readonly bundles: FunctionBundles;
  /** Seconds after which what is unused may go. */
  readonly gracePeriod: number;
  readonly identity: Identity;
  readonly queues: SessionQueues;
  readonly sessions: SessionsTable;
}

/** Removes abandoned sessions, and queues and identities that no session has. */
export class CleanupWorkflow extends Construct {
  readonly cleanup: Workflow;

  constructor(scope: Construct, id: string, props: CleanupWorkflowProps) {
    super(scope, id);
    this.cleanup = new Workflow(this, 'cleanup', {
      functions: [this.#planCleanup(props), this.#sweepShard(props), this.#sweepIdentities(props)],
    });
  }

  #planCleanup({ bundles }: CleanupWorkflowProps): TaskFunction {
    return new TaskFunction(this, 'plan-cleanup', { bundles, description: 'Says what to sweep and until when' });
  }

  #sweepShard({ bundles, gracePeriod, identity, queues, sessions }: CleanupWorkflowProps): TaskFunction {
    const task = new TaskFunction(this, 'sweep-shard', {
      bundles,
      description: 'Removes the abandoned sessions and queues of one shard',
      timeoutSeconds: 265,
      environment: {
        sessionTableName: sessions.table.tableName,
        queuePrefix: queues.prefix,
        gracePeriod: String(gracePeriod),
      },
    });
    sessions.grantQueryByShard(task);
    sessions.grantRecords(task, 'DeleteItem');
    queues.grantList(task);
    queues.grant(task, 'DeleteQueue', 'GetQueueAttributes');
    identity.grantDeleteIdentities(task);
    return task;
  }

  #sweepIdentities({ bundles, gracePeriod, identity, sessions }: CleanupWorkflowProps): TaskFunction {
    const task = new TaskFunction(this, 'sweep-identities', {
      bundles,
      description: 'Removes guest identities that no session has',
      timeoutSeconds: 265,
      environment: {
        sessionTableName: sessions.table.tableName,
        identityPoolId: identity.poolId,
        identityPoolOwned: String(identity.poolOwned),
        gracePeriod: String(gracePeriod),
      },
    });
    sessions.grantQueryByShard(task);
    identity.grantListIdentities(task);
    identity.grantDeleteIdentities(task);
    return task;
  }
}
