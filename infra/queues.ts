import { Duration, Stack, type RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, Grant, PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption, QueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { randomDigits } from '../functions/sessions/queues.ts';

export type SessionQueueAction =
  'CreateQueue' | 'DeleteQueue' | 'GetQueueAttributes' | 'GetQueueUrl' | 'SendMessage' | 'SetQueueAttributes';

export interface SessionQueuesProps {
  readonly prefix: string;
  /** Prefixes of queues that sessions may still have. */
  readonly formerPrefixes: readonly string[];
}

/** The sessions' queues. They are not resources of the stack: their names begin with its prefix. */
export class SessionQueues extends Construct {
  readonly prefix: string;
  /** The prefix and the former ones. */
  readonly prefixes: readonly string[];
  /** The ARN of any queue here, up to its name. */
  readonly arnPrefix: string;
  /**
   * The ARNs of the queues here, as patterns: names have 32 random digits after the prefix. A pattern with `*` would match
   * the queues of a stack whose prefix begins with this one.
   */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: SessionQueuesProps) {
    super(scope, id);
    this.prefix = props.prefix;
    this.arnPrefix = Stack.of(this).formatArn({ service: 'sqs', resource: '' });
    this.prefixes = [props.prefix, ...props.formerPrefixes];
    this.arns = this.prefixes.map((prefix) => `${this.arnPrefix}${prefix}-${'?'.repeat(randomDigits)}`);
  }

  grant(grantee: IGrantable, ...actions: readonly SessionQueueAction[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `sqs:${action}`),
      resourceArns: [...this.arns],
    });
  }

  grantList(grantee: IGrantable): Grant {
    // ListQueues has no resource: it takes a prefix and not a queue.
    return Grant.addToPrincipal({ grantee, actions: ['sqs:ListQueues'], resourceArns: ['*'] });
  }
}

export interface DeadLetterQueuesProps {
  /** Whether there is a stream, whose records may be no messages. */
  readonly hasStream: boolean;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The queues of rejected records and undelivered messages, which people look at and put back. By default they stay when the stack is
 * deleted: their messages exist nowhere else.
 */
export class DeadLetterQueues extends Construct {
  /** Records that are no messages, with the reason and the raw bytes; undefined without a stream. */
  readonly rejected: Queue | undefined;
  /** Messages some queue did not take, with the target and the reason. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { hasStream, removalPolicy }: DeadLetterQueuesProps) {
    super(scope, id);
    this.rejected = hasStream ? this.#make('Rejected', removalPolicy) : undefined;
    this.undelivered = this.#make('Undelivered', removalPolicy);
  }

  grantSend(grantee: IGrantable, queue: Queue | undefined): void {
    if (!queue) return;
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [queue.queueArn] });
  }

  #make(id: string, removalPolicy: RemovalPolicy): Queue {
    const queue = new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
      removalPolicy,
    });
    const policy = new QueuePolicy(this, `${id}Policy`, { queues: [queue] });
    policy.document.addStatements(refusePlainText(queue));
    // It stays with the queue. Otherwise the queue would accept requests without TLS after the stack is deleted.
    policy.applyRemovalPolicy(removalPolicy);
    return queue;
  }
}

const refusePlainText = (queue: Queue): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['sqs:*'],
    resources: [queue.queueArn],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
