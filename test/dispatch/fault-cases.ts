import type { Fault, FaultError } from 'aws-template-emulator';

/** Where a message may end up. */
export type Place = 'delivered' | 'undelivered queue' | 'rejected queue' | 'failed-batch bucket';

/**
 * What goes wrong while three messages and a poison record are dispatched to an account with two sessions. Route Messages sends
 * to so few by itself; with onlookers in the account, Deliver Batch does.
 */
export interface FaultCase {
  /** What goes wrong, as the table says it. */
  readonly name: string;
  readonly faults: readonly Fault[];
  /** The second session's queue is deleted before, when it is older than a minute. */
  readonly queueDeleted?: true;
  /** The account has onlookers, who get what is for the account: together with them they are many. */
  readonly many?: true;
  /** The messages are too large to travel in the machine's data. */
  readonly large?: true;
  /** The functions retry for seconds, so that only CI runs it. */
  readonly waits?: true;
  /** Where each of the messages is then; where several are named each is in all of them. */
  readonly messages: readonly Place[];
  /** Where those for a user and for a session are, when Lambda has halved the batch until they are alone, and so for few. */
  readonly halved?: readonly Place[];
  /** Where the poison record is then. */
  readonly poison: readonly Place[];
  /** The reasons given in the undelivered queue. */
  readonly reasons?: readonly string[];
}

/**
 * Why a function failed whose process has ended. Step Functions documents Lambda.Unknown, and Lambda reports Runtime.ExitError.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 * https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
export const endedProcess = 'Lambda.Unknown or Runtime.ExitError';

/** The reason of a dead letter; one reason for a process that has ended, under whichever name. */
export const reasonOf = ({ reason }: { readonly reason: string }): string =>
  endedProcess.split(' or ').includes(reason) ? endedProcess : reason;

const error = (name: string, status?: number): FaultError => ({
  name,
  message: 'injected',
  ...(status !== undefined && { status }),
});

const unavailable = error('ServiceUnavailable', 503);
const throttled = error('ProvisionedThroughputExceededException');
const send = 'sqs:SendMessageBatch';
const before = 'before';
const after = 'after';

const delivered = { messages: ['delivered'], poison: ['rejected queue'] } as const;
const deadLettered = { messages: ['undelivered queue'], poison: ['rejected queue'] } as const;
const both = { messages: ['delivered', 'undelivered queue'], poison: ['rejected queue'] } as const;
const setAside = { messages: ['failed-batch bucket'], poison: ['rejected queue'] } as const;
const late = { messages: ['delivered', 'failed-batch bucket'], poison: ['rejected queue'] } as const;
/** The router writes to the bucket of failed batches too. */
const routerKeeps = { function: 'Router', call: 's3:PutObject', when: before, keyPrefix: 'messages/' } as const;
const deliverFails = { function: 'DeliverBatch', when: before, error: 'killed' } as const;

/** A case for few recipients, and the same for many. */
const forFewAndMany = (one: FaultCase): readonly FaultCase[] => {
  const [fault, ...others] = one.faults;
  const many = { ...fault, function: 'DeliverBatch' } as Fault;
  return [one, { ...one, name: `${one.name}, and there are many`, faults: [many, ...others], many: true }];
};

export const faultCases: readonly FaultCase[] = [
  { name: 'nothing', faults: [], ...delivered },
  {
    name: 'DynamoDB throttles looking up sessions, twice',
    faults: [{ call: 'dynamodb:Query', when: before, error: throttled, times: 2 }],
    ...delivered,
  },
  {
    name: 'DynamoDB throttles looking up sessions, on and on',
    faults: [{ function: 'RouteMessages', when: before, error: error('Throttled') }],
    ...setAside,
  },
  {
    name: 'S3 tells the router to slow down with large messages, once',
    faults: [{ ...routerKeeps, error: error('SlowDown'), times: 1 }],
    large: true,
    ...delivered,
  },
  {
    name: 'S3 answers 500 to keeping large messages, on and on',
    waits: true,
    faults: [{ ...routerKeeps, error: error('InternalError') }],
    large: true,
    ...setAside,
  },
  {
    name: 'S3 answers 503 to reading large messages, twice',
    faults: [{ function: 'RouteMessages', call: 's3:GetObject', when: before, error: unavailable, times: 2 }],
    large: true,
    ...delivered,
  },
  {
    name: 'S3 denies Deliver Batch the large messages',
    faults: [{ function: 'DeliverBatch', call: 's3:GetObject', when: before, error: error('AccessDenied') }],
    large: true,
    ...deadLettered,
    reasons: ['UpstreamFailed'],
    many: true,
  },
  {
    name: 'S3 denies everybody the large messages',
    faults: [{ call: 's3:GetObject', when: before, error: error('AccessDenied') }],
    large: true,
    ...setAside,
  },
  {
    name: 'SQS answers 503 to a send, once',
    faults: [{ function: 'RouteMessages', call: send, when: before, error: unavailable, times: 1 }],
    ...delivered,
  },
  {
    name: 'SQS answers 503 after it took a send, once',
    faults: [{ function: 'RouteMessages', call: send, when: after, error: unavailable, times: 1 }],
    ...delivered,
  },
  {
    name: 'SQS does not take one entry of a batch, once',
    faults: [{ call: send, when: before, entry: -1, error: error('InternalError'), times: 1 }],
    ...delivered,
  },
  ...forFewAndMany({
    name: 'SQS answers 503 to every send to sessions',
    waits: true,
    faults: [{ function: 'RouteMessages', call: send, when: before, error: unavailable }],
    ...deadLettered,
    reasons: ['sqs:SendMessage did not answer: ServiceUnavailable'],
  }),
  ...forFewAndMany({
    name: 'SQS denies access to the queues of sessions',
    faults: [{ function: 'RouteMessages', call: send, when: before, error: error('AccessDenied', 403) }],
    ...deadLettered,
    reasons: ['sqs:SendMessage was refused: AccessDenied'],
  }),
  { name: "one session's queue has been deleted", faults: [], queueDeleted: true, ...delivered },
  {
    name: 'a new queue does not exist yet, twice',
    faults: [{ function: 'RouteMessages', call: send, when: before, error: error('QueueDoesNotExist'), times: 2 }],
    ...delivered,
  },
  {
    name: 'new queues do not exist yet, on and on',
    waits: true,
    faults: [{ function: 'RouteMessages', call: send, when: before, error: error('QueueDoesNotExist') }],
    ...deadLettered,
    reasons: ['QueueDoesNotExist'],
  },
  {
    name: 'Route Messages is killed while it sends, once',
    faults: [{ function: 'RouteMessages', call: send, when: after, error: 'killed', times: 1 }],
    ...delivered,
  },
  {
    name: 'Route Messages is killed after it has sent, on and on',
    faults: [{ function: 'RouteMessages', when: after, error: 'killed' }],
    ...late,
  },
  {
    name: 'Route Messages is killed once',
    faults: [{ function: 'RouteMessages', when: before, error: 'killed', times: 1 }],
    ...delivered,
  },
  {
    name: 'Route Messages times out, on and on',
    faults: [{ function: 'RouteMessages', when: before, error: 'timeout' }],
    ...setAside,
  },
  {
    name: 'Deliver Batch times out once, before it sends',
    faults: [{ function: 'DeliverBatch', when: before, error: 'timeout', times: 1 }],
    ...delivered,
    many: true,
  },
  {
    name: 'Deliver Batch is killed once, after it has sent',
    faults: [{ function: 'DeliverBatch', when: after, error: 'killed', times: 1 }],
    ...delivered,
    many: true,
  },
  {
    name: 'Deliver Batch is killed while it sends, once',
    faults: [{ function: 'DeliverBatch', call: send, when: after, error: 'killed', times: 1 }],
    ...delivered,
    many: true,
  },
  {
    name: 'Deliver Batch times out before it sends, on and on',
    faults: [{ function: 'DeliverBatch', when: before, error: 'timeout' }],
    ...deadLettered,
    reasons: ['Sandbox.Timedout'],
    many: true,
  },
  {
    name: 'Deliver Batch times out after it has sent, on and on',
    faults: [{ function: 'DeliverBatch', when: after, error: 'timeout' }],
    ...both,
    reasons: ['Sandbox.Timedout'],
    many: true,
  },
  {
    name: 'Deliver Batch is killed, on and on',
    faults: [deliverFails],
    ...deadLettered,
    reasons: [endedProcess],
    many: true,
  },
  {
    name: 'Deliver Batch is killed on and on, and Send Dead Letters once',
    faults: [deliverFails, { function: 'SendDeadLetters', when: before, error: 'killed', times: 1 }],
    ...deadLettered,
    reasons: [endedProcess],
    many: true,
  },
  {
    name: 'Deliver Batch and Send Dead Letters are killed, on and on',
    faults: [deliverFails, { function: 'SendDeadLetters', when: before, error: 'killed' }],
    ...setAside,
    halved: ['delivered'],
    many: true,
  },
  {
    name: 'Count Deliveries times out once',
    faults: [{ function: 'CountDeliveries', when: before, error: 'timeout', times: 1 }],
    ...delivered,
    many: true,
  },
  {
    name: 'Count Deliveries fails, on and on',
    faults: [{ function: 'CountDeliveries', when: before, error: 'killed' }],
    ...late,
    halved: ['delivered'],
    many: true,
  },
  {
    name: 'dispatch cannot be started, once',
    faults: [{ call: 'states:StartSyncExecution', when: before, error: error('InternalServerError', 500), times: 1 }],
    ...delivered,
  },
  {
    name: 'dispatch cannot be started, on and on',
    faults: [{ call: 'states:StartSyncExecution', when: before, error: error('InternalServerError', 500) }],
    ...setAside,
  },
  {
    name: "dispatch's answer is lost, once",
    faults: [{ call: 'states:StartSyncExecution', when: after, error: error('InternalServerError', 500), times: 1 }],
    ...delivered,
  },
  {
    name: 'the router is killed once, before its work',
    faults: [{ function: 'Router', when: before, error: 'killed', times: 1 }],
    ...delivered,
  },
  {
    name: 'the router is killed once, halfway',
    faults: [{ call: 'states:StartSyncExecution', when: after, error: 'killed', times: 1 }],
    ...delivered,
  },
  {
    name: 'the router is killed once, after its work',
    faults: [{ function: 'Router', when: after, error: 'killed', times: 1 }],
    ...delivered,
  },
  {
    name: 'the router is killed, on and on',
    faults: [{ function: 'Router', when: before, error: 'killed' }],
    messages: ['failed-batch bucket'],
    poison: ['failed-batch bucket'],
  },
  {
    name: 'the rejected queue takes nothing',
    faults: [{ function: 'Router', call: send, when: before, error: error('AccessDenied', 403) }],
    messages: ['delivered'],
    poison: ['failed-batch bucket'],
  },
];
