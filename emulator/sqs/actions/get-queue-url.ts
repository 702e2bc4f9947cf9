import type { Action } from '../../service.ts';
import { namedAddress, permissionOn, queueUrl } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
export const getQueueUrl = (sqs: SqsState): Action => ({
  permissions: (parameters) => [permissionOn(sqs, 'GetQueueUrl', namedAddress(sqs, parameters))],
  run: (parameters, call) => {
    const { accountId, name } = namedAddress(sqs, parameters);
    const queue = sqs.queues.get(accountId === sqs.accountId ? name : undefined);
    return { QueueUrl: queueUrl(sqs, call, queue.name) };
  },
});
