import { Construct } from 'constructs';
import type { Configuration } from './context.ts';
import type { FunctionBundles } from './function-bundles.ts';
import type { Identity } from './identity.ts';
import type { SessionQueues } from './queues.ts';
import type { SessionsTable } from './sessions-table.ts';
import { TaskFunction } from './task-function.ts';
import { Workflow } from './workflow.ts';

export interface SessionWorkflowsProps {
  readonly bundles: FunctionBundles;
  readonly configuration: Pick<Configuration, 'keyHours' | 'messageRetention'>;
  readonly identity: Identity;
  readonly queues: SessionQueues;
  readonly sessions: SessionsTable;
}

/** What a session goes through while it is in use. These machines handle keys: none of them logs data. */
export class SessionWorkflows extends Construct {
  readonly createSession: Workflow;
  readonly renewSession: Workflow;
  readonly sessionStatus: Workflow;
  readonly listSessions: Workflow;
  readonly destroySession: Workflow;

  constructor(scope: Construct, id: string, props: SessionWorkflowsProps) {
    super(scope, id);
    const findSession = this.#findSession(props);
    const issueKeys = this.#issueKeys(props);
    const setPolicy = this.#setPolicy(props);
    this.createSession = new Workflow(this, 'create-session', {
      functions: [
        findSession,
        this.#makeIdentity(props),
        issueKeys,
        this.#makeQueue(props),
        this.#recordSession(props),
        setPolicy,
        this.#undoCreate(props),
      ],
    });
    this.renewSession = new Workflow(this, 'renew-session', {
      functions: [findSession, issueKeys, setPolicy, this.#recordKeys(props)],
    });
    this.sessionStatus = new Workflow(this, 'session-status', { functions: [findSession] });
    this.listSessions = new Workflow(this, 'list-sessions', { functions: [this.#listSessions(props)] });
    this.destroySession = new Workflow(this, 'destroy-session', {
      functions: [findSession, this.#removeRecord(props), this.#deleteQueue(props), this.#deleteIdentity(props)],
    });
  }

  #findSession({ bundles, sessions }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'find-session', {
      bundles,
      description: 'Checks the request and reads the session it names',
      environment: { sessionTableName: sessions.table.tableName },
    });
    sessions.grantRecords(task, 'GetItem');
    return task;
  }

  #makeIdentity({ bundles, identity }: SessionWorkflowsProps): TaskFunction {
    return new TaskFunction(this, 'make-identity', {
      bundles,
      description: 'Makes a guest identity and the session name that belongs to it',
      environment: { identityPoolId: identity.poolId },
    });
  }

  #issueKeys({ bundles, configuration, identity, queues }: SessionWorkflowsProps): TaskFunction {
    return new TaskFunction(this, 'issue-keys', {
      bundles,
      description: 'Gets temporary keys that open one queue',
      environment: {
        browserRoleArn: identity.browserRole.roleArn,
        queuePrefix: queues.prefix,
        queueArnPrefix: queues.arnPrefix,
        keyHours: String(configuration.keyHours),
      },
    });
  }

  #makeQueue({ bundles, configuration, identity, queues }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'make-queue', {
      bundles,
      description: 'Makes the queue of a new session, with its policy',
      environment: {
        queuePrefix: queues.prefix,
        queueArnPrefix: queues.arnPrefix,
        browserRoleArn: identity.browserRole.roleArn,
        browserRoleId: identity.browserRoleId,
        messageRetention: String(configuration.messageRetention),
      },
    });
    queues.grant(task, 'CreateQueue');
    return task;
  }

  #recordSession({ bundles, sessions }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'record-session', {
      bundles,
      description: 'Records a new or refreshed session unless somebody else was faster',
      environment: { sessionTableName: sessions.table.tableName },
    });
    sessions.grantRecords(task, 'GetItem', 'PutItem');
    return task;
  }

  #setPolicy({ bundles, identity, queues, sessions }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'set-policy', {
      bundles,
      description: "Makes a queue's policy say what the session's record says",
      environment: {
        sessionTableName: sessions.table.tableName,
        queueArnPrefix: queues.arnPrefix,
        browserRoleArn: identity.browserRole.roleArn,
        browserRoleId: identity.browserRoleId,
      },
    });
    sessions.grantRecords(task, 'DeleteItem', 'GetItem');
    queues.grant(task, 'SetQueueAttributes');
    return task;
  }

  #undoCreate({ bundles, identity, queues, sessions }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'undo-create', {
      bundles,
      description: 'Removes what a create left behind or made in vain',
      environment: {
        sessionTableName: sessions.table.tableName,
        queuePrefix: queues.prefix,
        queueArnPrefix: queues.arnPrefix,
        browserRoleArn: identity.browserRole.roleArn,
        browserRoleId: identity.browserRoleId,
      },
    });
    sessions.grantRecords(task, 'GetItem', 'PutItem');
    queues.grant(task, 'DeleteQueue', 'GetQueueUrl', 'SetQueueAttributes');
    identity.grantDeleteIdentities(task);
    return task;
  }

  #recordKeys({ bundles, sessions }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'record-keys', {
      bundles,
      description: "Records a session's new keys",
      environment: { sessionTableName: sessions.table.tableName },
    });
    sessions.grantRecords(task, 'UpdateItem');
    return task;
  }

  #listSessions({ bundles, sessions }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'list-sessions', {
      bundles,
      description: 'Reads one page of the active sessions',
      timeoutSeconds: 10,
      environment: { sessionTableName: sessions.table.tableName },
    });
    sessions.grantRecords(task, 'Query', 'Scan');
    return task;
  }

  #removeRecord({ bundles, sessions }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'remove-record', {
      bundles,
      description: "Removes a session's record",
      environment: { sessionTableName: sessions.table.tableName },
    });
    sessions.grantRecords(task, 'DeleteItem');
    return task;
  }

  #deleteQueue({ bundles, queues }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'delete-queue', { bundles, description: "Deletes a session's queue" });
    queues.grant(task, 'DeleteQueue');
    return task;
  }

  #deleteIdentity({ bundles, identity }: SessionWorkflowsProps): TaskFunction {
    const task = new TaskFunction(this, 'delete-identity', {
      bundles,
      description: "Deletes a session's guest identity",
    });
    identity.grantDeleteIdentities(task);
    return task;
  }
}
