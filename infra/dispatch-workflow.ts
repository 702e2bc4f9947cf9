import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { FunctionBundles } from './function-bundles.ts';
import type { MessagesTable } from './messages-table.ts';
import type { DeadLetterQueues, SessionQueues } from './queues.ts';
import type { SessionsTable } from './sessions-table.ts';
import { TaskFunction } from './task-function.ts';
import { machineArn, Workflow } from './workflow.ts';

export interface DispatchWorkflowProps {
  readonly bundles: FunctionBundles;
  readonly deadLetters: DeadLetterQueues;
  readonly messages: MessagesTable;
  readonly queues: SessionQueues;
  readonly sessions: SessionsTable;
  /** Whether the machine's log holds the messages. */
  readonly logData: boolean;
}

/** Takes messages to the sessions they are for: from the stream by way of the router, or straight from the API. */
export class DispatchWorkflow extends Construct {
  readonly dispatch: Workflow;
  /** Turns records of the stream into messages and has them dispatched. */
  readonly router: TaskFunction;

  constructor(scope: Construct, id: string, props: DispatchWorkflowProps) {
    super(scope, id);
    this.dispatch = new Workflow(this, 'dispatch', {
      functions: [
        this.#routeMessages(props),
        this.#deliverBatch(props),
        this.#sendDeadLetters(props),
        this.#countDeliveries(props),
        this.#continueDispatch(props),
      ],
      // It runs for every batch of messages: a log of every step would cost more than the steps.
      logged: props.logData ? 'everything' : 'failures',
      logData: props.logData,
    });
    this.router = this.#router(props);
  }

  #routeMessages({ bundles, messages, sessions }: DispatchWorkflowProps): TaskFunction {
    const task = new TaskFunction(this, 'route-messages', {
      bundles,
      description: 'Finds the sessions messages are for, a page at a time',
      timeoutSeconds: 28,
      environment: { sessionTableName: sessions.table.tableName, messageTableName: messages.table.tableName },
    });
    sessions.grantQueryRoutes(task);
    messages.grantStore(task);
    return task;
  }

  #deliverBatch({ bundles, messages, queues }: DispatchWorkflowProps): TaskFunction {
    const task = new TaskFunction(this, 'deliver-batch', {
      bundles,
      description: 'Puts messages into the queues of some sessions',
      timeoutSeconds: 33,
      environment: { messageTableName: messages.table.tableName },
    });
    queues.grant(task, 'SendMessage');
    messages.grantFetch(task);
    return task;
  }

  #sendDeadLetters({ bundles, deadLetters, messages }: DispatchWorkflowProps): TaskFunction {
    const task = new TaskFunction(this, 'send-dead-letters', {
      bundles,
      description: 'Sets messages aside that a queue did not take',
      timeoutSeconds: 33,
      environment: {
        undeliveredQueueUrl: deadLetters.undelivered.queueUrl,
        messageTableName: messages.table.tableName,
      },
    });
    deadLetters.grantPark(task);
    messages.grantFetch(task);
    return task;
  }

  #countDeliveries({ bundles }: DispatchWorkflowProps): TaskFunction {
    return new TaskFunction(this, 'count-deliveries', {
      bundles,
      description: 'Adds up a page and says what comes next',
    });
  }

  #continueDispatch({ bundles }: DispatchWorkflowProps): TaskFunction {
    const task = new TaskFunction(this, 'continue-dispatch', {
      bundles,
      description: 'Has a further execution do what this one has no time for',
    });
    // By name, because the machine is made of this function.
    const dispatch = machineArn(this, 'dispatch');
    Grant.addToPrincipal({ grantee: task, actions: ['states:StartExecution'], resourceArns: [dispatch] });
    return task;
  }

  #router({ bundles, deadLetters, messages }: DispatchWorkflowProps): TaskFunction {
    const task = new TaskFunction(this, 'router', {
      bundles,
      description: 'Checks records of the stream and has them dispatched',
      // It waits for executions of up to five minutes each.
      timeoutSeconds: 900,
      environment: {
        rejectedQueueUrl: deadLetters.rejected.queueUrl,
        dispatchMachineArn: this.dispatch.machine.stateMachineArn,
        messageTableName: messages.table.tableName,
      },
    });
    deadLetters.grantReject(task);
    this.dispatch.grantStartSync(task);
    messages.grantStore(task);
    return task;
  }
}
