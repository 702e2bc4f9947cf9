import { AwsError } from '../service.ts';
import { invalidAttributeValue, unsupported } from './errors.ts';
import type { PolicyChecks } from './queue-policy.ts';
import { readQueuePolicy } from './queue-policy.ts';

/** The attributes of a queue that can be set. Times are seconds, sizes bytes. */
export interface QueueAttributes {
  readonly DelaySeconds: number;
  readonly MaximumMessageSize: number;
  readonly MessageRetentionPeriod: number;
  readonly ReceiveMessageWaitTimeSeconds: number;
  readonly VisibilityTimeout: number;
  readonly SqsManagedSseEnabled: boolean;
  /** As it was set: every queue may have one, and a text takes the least memory. */
  readonly Policy?: string | undefined;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const defaultAttributes: QueueAttributes = {
  DelaySeconds: 0,
  MaximumMessageSize: 1_048_576,
  MessageRetentionPeriod: 345_600,
  ReceiveMessageWaitTimeSeconds: 0,
  VisibilityTimeout: 30,
  SqsManagedSseEnabled: true,
};

/** Smallest and largest value. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const ranges: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['DelaySeconds', [0, 900]],
  ['MaximumMessageSize', [1024, 1_048_576]],
  ['MessageRetentionPeriod', [60, 1_209_600]],
  ['ReceiveMessageWaitTimeSeconds', [0, 20]],
  ['VisibilityTimeout', [0, 43_200]],
]);

const knownButNotSupported = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'RedriveAllowPolicy',
  'RedrivePolicy',
];

const readInteger = (name: string, text: string, [from, to]: readonly [number, number]): number => {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < from || value > to) throw invalidAttributeValue(name);
  return value;
};

const readAttribute = (name: string, text: string, checks: PolicyChecks): QueueAttributes[keyof QueueAttributes] => {
  const range = ranges.get(name);
  if (range) return readInteger(name, text, range);
  if (name === 'Policy') return readQueuePolicy(text, checks);
  if (name === 'SqsManagedSseEnabled') {
    if (text !== 'true' && text !== 'false') throw invalidAttributeValue(name);
    return text === 'true';
  }
  if (knownButNotSupported.includes(name)) throw unsupported(`the queue attribute ${name}`);
  throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
};

/** The attributes named. @throws AwsError InvalidAttributeName, InvalidAttributeValue, UnsupportedOperation */
export const readQueueAttributes = (
  texts: ReadonlyMap<string, string>,
  checks: PolicyChecks,
): Partial<QueueAttributes> =>
  Object.fromEntries([...texts].map(([name, text]) => [name, readAttribute(name, text, checks)]));

const names = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
  'SqsManagedSseEnabled',
  'Policy',
] as const satisfies readonly (keyof QueueAttributes)[];

/** The name of the first attribute in which the wanted ones differ from those a queue has. */
export const differingAttribute = (has: QueueAttributes, wanted: Partial<QueueAttributes>): string | undefined => {
  const comparable = (name: keyof QueueAttributes, { [name]: value }: Partial<QueueAttributes>) =>
    name === 'Policy' && typeof value === 'string' ? JSON.stringify(JSON.parse(value)) : value;
  return names.find((name) => name in wanted && comparable(name, has) !== comparable(name, wanted));
};
