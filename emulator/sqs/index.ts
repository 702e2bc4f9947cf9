import type { Access } from '../access/index.ts';
import type { Clock } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import { noState } from '../persistence/state.ts';
import type { Service } from '../service.ts';
import { sqsActions } from './actions/index.ts';
import type { Propagation } from './propagation.ts';
import { immediate } from './propagation.ts';
import { readQueueAttributes } from './queue-attributes.ts';
import { measureQueue } from './queue-metrics.ts';
import { Queues } from './queues.ts';

export interface SqsOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Reads queues' policies. */
  readonly access: Pick<Access, 'checkResourcePolicy' | 'readResourcePolicy'>;
  /** Default: every change holds at once. */
  readonly propagation?: Propagation;
  /** Where queues and messages are kept. Default: nowhere. */
  readonly state?: State;
}

/** Queues in memory: Amazon SQS's standard queues. */
export interface Sqs extends Service {
  readonly name: 'sqs';
  /** Creates a queue of the template from the properties of its AWS::SQS::Queue. @throws AwsError naming a property that is not supported. */
  createQueue(name: string, properties: Readonly<Record<string, unknown>>): void;
  /** Gives a queue its policy, from the template's AWS::SQS::QueuePolicy. @throws AwsError when there is no such queue. */
  setPolicy(name: string, policy: object): void;
  /** A queue's metrics as they are now, by their names in CloudWatch; none for a queue that does not exist. */
  measure(name: string): Readonly<Record<string, number>>;
  /** Ends waiting polls with empty answers. */
  stop(): void;
}

/** Properties of AWS::SQS::Queue that are not attributes of the queue. */
const notAttributes = ['QueueName', 'Tags'];

export const createSqs = (options: SqsOptions): Sqs => {
  const { clock, accountId, region, access, propagation = immediate, state = noState } = options;
  const queues = new Queues(clock, propagation, state);
  const now = () => clock.now();
  return {
    name: 'sqs',
    actions: sqsActions({ queues, now, accountId, region, access }),
    createQueue: (name, properties) => {
      const texts = Object.entries(properties)
        .filter(([property]) => !notAttributes.includes(property))
        .map(([property, value]) => [property, String(value)] as const);
      const attributes = readQueueAttributes(new Map(texts), access);
      queues.create({ name, attributes, tags: new Map(), isInTemplate: true });
    },
    setPolicy: (name, policy) => {
      const queue = queues.get(name);
      const texts = new Map([['Policy', JSON.stringify(policy)]]);
      queue.change(readQueueAttributes(texts, access), 0);
    },
    measure: (name) => {
      const queue = queues.find(name);
      return queue ? measureQueue(queue, clock.now()) : {};
    },
    stop: () => {
      queues.stop();
    },
  };
};
