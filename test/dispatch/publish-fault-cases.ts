import type { Fault, FaultError } from 'aws-template-emulator';

/** What goes wrong while a publish call sends two events with idempotency keys, and rejects a wrong one between them. */
export interface PublishCase {
  /** What goes wrong, as the table says it. */
  readonly name: string;
  readonly fault?: Fault;
  /** The fault begins when this many calls of this action have been answered. Default: with the publish call. */
  readonly behind?: readonly [calls: number, action: string];
  /** The fault meets the repeat of a call that went well. */
  readonly inRepeat?: true;
  /** The messages are too large to travel in the machine's data. */
  readonly large?: true;
  /** What the call is answered, or the repeat where the fault meets that: the status, and of 200 what became of the events. */
  readonly answer: string;
  /** Where the messages are then. */
  readonly then: Fate;
  /** Where they are when a call without a fault, more than 35 seconds later, has been answered `sent`. */
  readonly atLast: Fate;
}

/** `delivered twice`: under the same id, by which clients drop it. */
type Fate = 'nowhere' | 'delivered' | 'delivered twice' | 'undelivered queue';

const error = (name: string, status?: number): FaultError => ({
  name,
  message: 'injected',
  ...(status !== undefined && { status }),
});

const [put, get, start] = ['dynamodb:PutItem', 'dynamodb:GetItem', 'states:StartSyncExecution'];
const unavailable = error('InternalServerError', 500);
const denied = error('AccessDeniedException');
const before = 'before';
const after = 'after';

const unnoticed = { answer: '200 sent', then: 'delivered', atLast: 'delivered' } as const;
const failed = { answer: '200 failed (UpstreamFailed)', then: 'nowhere', atLast: 'delivered' } as const;
const ended = { answer: '502', then: 'nowhere', atLast: 'delivered' } as const;
const sentAgain = { then: 'delivered', atLast: 'delivered twice' } as const;
const notRepeated = { then: 'delivered', atLast: 'delivered' } as const;

const ofPublish = (call: string, when: Fault['when'], what: FaultError, times?: number): Fault => ({
  ...{ function: 'Publish', call, when, error: what },
  ...(times !== undefined && { times }),
});

/** Where the dispatch has been answered. */
const behindDispatch = [1, start] as const;

export const publishCases: readonly PublishCase[] = [
  { name: 'nothing', ...unnoticed },
  {
    name: 'DynamoDB throttles claiming a key, twice',
    fault: ofPublish(put, before, error('ThrottlingException'), 2),
    ...unnoticed,
  },
  {
    name: 'DynamoDB answers 500 to claiming keys, on and on',
    fault: ofPublish(put, before, unavailable),
    ...failed,
  },
  { name: 'DynamoDB denies claiming keys', fault: ofPublish(put, before, denied), ...failed },
  {
    name: 'DynamoDB answers 500 after it took a claim, once',
    fault: ofPublish(put, after, unavailable, 1),
    ...unnoticed,
  },
  {
    name: 'DynamoDB answers 500 after it took a claim, on and on',
    fault: ofPublish(put, after, unavailable),
    ...unnoticed,
  },
  { name: 'publish is killed before it claims', fault: ofPublish(put, before, 'killed', 1), ...ended },
  { name: 'publish is killed after it has claimed', fault: ofPublish(put, after, 'killed', 1), ...ended },
  {
    name: 'publish times out after it has claimed',
    fault: ofPublish(put, after, 'timeout', 1),
    ...ended,
    answer: '504',
  },
  {
    name: 'S3 answers 500 to keeping a large message, once',
    fault: ofPublish('s3:PutObject', before, unavailable, 1),
    large: true,
    ...unnoticed,
  },
  {
    name: 'S3 answers 500 to keeping large messages, on and on',
    fault: ofPublish('s3:PutObject', before, unavailable),
    large: true,
    ...failed,
  },
  {
    name: 'publish is killed while it keeps large messages',
    fault: ofPublish('s3:PutObject', after, 'killed', 1),
    large: true,
    ...ended,
  },
  {
    name: 'dispatch cannot be started, once',
    fault: ofPublish(start, before, unavailable, 1),
    ...failed,
  },
  { name: 'dispatch cannot be started, on and on', fault: ofPublish(start, before, unavailable), ...failed },
  {
    name: 'Step Functions throttles dispatches, on and on',
    fault: ofPublish(start, before, error('ThrottlingException')),
    ...failed,
    answer: '200 failed (Throttled)',
  },
  { name: 'Step Functions denies dispatches', fault: ofPublish(start, before, denied), ...failed },
  {
    name: "dispatch's answer is lost",
    fault: ofPublish(start, after, unavailable, 1),
    answer: '200 failed (UpstreamFailed)',
    ...sentAgain,
  },
  { name: 'publish is killed before it dispatches', fault: ofPublish(start, before, 'killed', 1), ...ended },
  {
    name: 'publish is killed after it has dispatched',
    fault: ofPublish(start, after, 'killed', 1),
    answer: '502',
    ...sentAgain,
  },
  {
    name: 'Route Messages is killed, on and on',
    fault: { function: 'RouteMessages', when: before, error: 'killed' },
    ...failed,
  },
  {
    name: 'SQS denies access to the queues of sessions',
    fault: { function: 'RouteMessages', call: 'sqs:SendMessageBatch', when: before, error: error('AccessDenied', 403) },
    answer: '200 sent',
    then: 'undelivered queue',
    atLast: 'undelivered queue',
  },
  {
    name: 'DynamoDB answers 500 to recording what was sent, once',
    fault: ofPublish(put, before, unavailable, 1),
    behind: behindDispatch,
    ...unnoticed,
  },
  {
    name: 'DynamoDB answers 500 to recording what was sent, on and on',
    fault: ofPublish(put, before, unavailable),
    behind: behindDispatch,
    answer: '200 sent',
    ...sentAgain,
  },
  {
    name: 'publish is killed before it records what was sent',
    fault: ofPublish(put, before, 'killed', 1),
    behind: behindDispatch,
    answer: '502',
    ...sentAgain,
  },
  {
    name: 'publish is killed after it has recorded what was sent',
    fault: ofPublish(put, after, 'killed', 1),
    behind: behindDispatch,
    answer: '502',
    ...notRepeated,
  },
  {
    name: 'publish is killed before its work',
    fault: { function: 'Publish', when: before, error: 'killed', times: 1 },
    ...ended,
  },
  {
    name: 'publish is killed after its work',
    fault: { function: 'Publish', when: after, error: 'killed', times: 1 },
    answer: '502',
    ...notRepeated,
  },
  {
    name: 'publish times out after its work',
    fault: { function: 'Publish', when: after, error: 'timeout', times: 1 },
    answer: '504',
    ...notRepeated,
  },
  {
    name: 'Lambda throttles publish',
    fault: { call: 'lambda:Invoke', when: before, error: error('TooManyRequestsException'), times: 1 },
    ...ended,
  },
  {
    name: 'DynamoDB answers 500 to reading a claim of a repeat, once',
    fault: ofPublish(get, before, unavailable, 1),
    inRepeat: true,
    ...unnoticed,
  },
  {
    name: 'DynamoDB answers 500 to reading claims of a repeat, on and on',
    fault: ofPublish(get, before, unavailable),
    inRepeat: true,
    answer: '200 failed (UpstreamFailed)',
    ...notRepeated,
  },
  {
    name: 'DynamoDB answers 500 to claiming keys in a repeat, on and on',
    fault: ofPublish(put, before, unavailable),
    inRepeat: true,
    answer: '200 failed (UpstreamFailed)',
    ...notRepeated,
  },
  {
    name: 'a repeat is killed while it reads claims',
    fault: ofPublish(get, after, 'killed', 1),
    inRepeat: true,
    answer: '502',
    ...notRepeated,
  },
];
