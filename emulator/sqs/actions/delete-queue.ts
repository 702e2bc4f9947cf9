import type { Action } from '../../service.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html */
export const deleteQueue = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'DeleteQueue'),
  run: (parameters) => {
    sqs.queues.delete(addressedQueue(sqs, parameters).name);
    return {};
  },
});
