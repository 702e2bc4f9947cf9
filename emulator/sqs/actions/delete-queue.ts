import type { Action } from '../../service.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';

export const deleteQueue = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'DeleteQueue'),
  run: (parameters) => {
    sqs.queues.delete(addressedQueue(sqs, parameters).name);
    return {};
  },
});
