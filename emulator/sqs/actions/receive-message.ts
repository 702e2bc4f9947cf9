import { setImmediate } from 'node:timers/promises';
import type { Action, Call, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { invalidParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import type { Message } from '../message.ts';
import { md5OfAttributes, selectAttributes } from '../message-attributes.ts';
import { optionalInteger, textList } from '../parameters.ts';
import type { Queue } from '../queue.ts';
import { receiptHandle } from '../receipt-handle.ts';

/**
 * Messages of a standard queue that can be in flight. At the limit, a short poll gets OverLimit and a long poll gets no messages.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
const maxInFlight = 120_000;

const systemAttributes: ReadonlyMap<string, (message: Message) => string | undefined> = new Map([
  ['SenderId', ({ senderId }) => senderId],
  ['SentTimestamp', ({ sentAt }) => `${sentAt}`],
  ['ApproximateReceiveCount', ({ receiveCount }) => `${receiveCount}`],
  ['ApproximateFirstReceiveTimestamp', ({ firstReceivedAt }) => `${firstReceivedAt}`],
  ['AWSTraceHeader', ({ traceHeader }) => traceHeader],
  ['MessageGroupId', ({ groupId }) => groupId],
]);

/** Attributes of other kinds of queues. A request for one is answered without it. */
const neverThere = ['MessageDeduplicationId', 'SequenceNumber', 'DeadLetterQueueSourceArn'];

interface Wanted {
  readonly system: readonly string[];
  readonly own: readonly string[];
}

const readWanted = (parameters: Parameters): Wanted => {
  const names = [...textList(parameters, 'AttributeNames'), ...textList(parameters, 'MessageSystemAttributeNames')];
  const unknown = names.find((name) => name !== 'All' && !systemAttributes.has(name) && !neverThere.includes(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const system = names.includes('All') ? [...systemAttributes.keys()] : names;
  return { system, own: textList(parameters, 'MessageAttributeNames') };
};

const describe = (queue: Queue, message: Message, { system, own }: Wanted): object => {
  const values = system.map((name) => [name, systemAttributes.get(name)?.(message)] as const);
  const present = values.filter(([, value]) => value !== undefined);
  const attributes = selectAttributes(message.attributes, own);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(queue.token, message),
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(present.length > 0 && { Attributes: Object.fromEntries(present) }),
    ...(attributes && { MD5OfMessageAttributes: md5OfAttributes(attributes), MessageAttributes: attributes }),
  };
};

/** Turns of the event loop after which Node.js knows that the other side has closed a connection. */
const turnsToNotice = 3;

/**
 * Whether the caller is still connected. It waits before it looks: Node.js may not know yet that the caller has closed the connection,
 * and an answer to it would be lost without an error. Messages that do not reach the caller become visible again, also when it closes
 * the connection before the answer has arrived.
 * Assumed: AWS does not say what becomes of the messages of a poll that is aborted.
 */
const isThere = async (queue: Queue, messages: readonly Message[], { signal }: Call): Promise<boolean> => {
  const receives = messages.map((message) => ({ message, count: message.receiveCount }));
  const release = () => {
    queue.release(receives);
  };
  for (let turn = 0; turn < turnsToNotice && !signal.aborted; turn += 1) await setImmediate();
  if (signal.aborted) release();
  else signal.addEventListener('abort', release, { once: true });
  return !signal.aborted;
};

const receive = async (sqs: SqsState, parameters: Parameters, call: Call): Promise<object> => {
  const queue = addressedQueue(sqs, parameters);
  const { attributes } = queue;
  const wanted = readWanted(parameters);
  const limit = optionalInteger(parameters, 'MaxNumberOfMessages', { from: 1, to: 10 }) ?? 1;
  const timeout = optionalInteger(parameters, 'VisibilityTimeout', { from: 0, to: 43_200 });
  const wait =
    optionalInteger(parameters, 'WaitTimeSeconds', { from: 0, to: 20 }) ?? attributes.ReceiveMessageWaitTimeSeconds;
  if (parameters['ReceiveRequestAttemptId'] !== undefined) {
    throw invalidParameter('The request includes a parameter that is not valid for this queue type');
  }
  if (queue.counts().inFlight >= maxInFlight) {
    if (wait === 0) throw new AwsError('OverLimit', `There are ${maxInFlight} messages in flight.`);
    return {};
  }
  const visibilityTimeout = timeout ?? attributes.VisibilityTimeout;
  const messages = await queue.poll({ limit, visibilityTimeout, wait, signal: call.signal });
  if (messages.length === 0 || !(await isThere(queue, messages, call))) return {};
  return { Messages: messages.map((message) => describe(queue, message, wanted)) };
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export const receiveMessage = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'ReceiveMessage'),
  run: (parameters, call) => receive(sqs, parameters, call),
});
