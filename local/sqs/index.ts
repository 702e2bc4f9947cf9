import type { Clock } from '../clock.ts';
import type { PolicyDocument, Service } from '../service.ts';

export interface SqsOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Reads a queue's policy, see Access.readResourcePolicy. @throws Error when the text is not a policy. */
  readonly readPolicy: (text: string) => PolicyDocument;
}

/** Queues in memory: Amazon SQS's standard queues. */
export interface Sqs extends Service {
  readonly name: 'sqs';
  /** Creates a queue of the template from the properties of its AWS::SQS::Queue. @throws Error naming a property that is not supported. */
  createQueue(name: string, properties: Readonly<Record<string, unknown>>): void;
  /** Gives a queue its policy, from the template's AWS::SQS::QueuePolicy. @throws AwsError when there is no such queue. */
  setPolicy(name: string, policy: object): void;
  /** Ends waiting polls with empty answers. */
  stop(): void;
}

export type CreateSqs = (options: SqsOptions) => Sqs;
