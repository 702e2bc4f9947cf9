import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { addressedQueue, queueArn, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { textList } from '../parameters.ts';
import type { Queue } from '../queue.ts';

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000).toString();

/** Every attribute a queue has, as text. */
const describe = (sqs: SqsState, queue: Queue): ReadonlyMap<string, string> => {
  const { visible, inFlight, delayed } = queue.counts();
  const { Policy, ...attributes } = queue.attributes;
  const texts = {
    QueueArn: queueArn(sqs, { accountId: sqs.accountId, name: queue.name }),
    ApproximateNumberOfMessages: `${visible}`,
    ApproximateNumberOfMessagesNotVisible: `${inFlight}`,
    ApproximateNumberOfMessagesDelayed: `${delayed}`,
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
    ...(Policy !== undefined && { Policy }),
  };
  return new Map(Object.entries(texts));
};

/** Attributes that a queue here never has. A request for one is answered without it. */
const neverThere = [
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'Policy',
];

/** A request without names is answered without attributes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export const getQueueAttributes = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'GetQueueAttributes'),
  run: (parameters) => {
    const all = describe(sqs, addressedQueue(sqs, parameters));
    const names = textList(parameters, 'AttributeNames');
    const unknown = names.find((name) => name !== 'All' && !all.has(name) && !neverThere.includes(name));
    if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const wanted = names.includes('All') ? [...all.keys()] : names.filter((name) => all.has(name));
    return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted.map((name) => [name, all.get(name)])) };
  },
});
