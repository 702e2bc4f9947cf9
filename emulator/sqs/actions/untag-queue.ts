import type { Action } from '../../service.ts';
import { missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { textList } from '../parameters.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html */
export const untagQueue = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'UntagQueue'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const removed = textList(parameters, 'TagKeys');
    if (removed.length === 0) throw missingParameter('TagKeys');
    queue.tags = new Map([...queue.tags].filter(([key]) => !removed.includes(key)));
    return {};
  },
});
