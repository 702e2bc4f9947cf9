import type { Action } from '../../service.ts';
import { readEntries, runEntries } from '../batch.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { deleteByHandle } from './delete-message.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html */
export const deleteMessageBatch = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'DeleteMessage'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const entries = readEntries(parameters, 'DeleteMessageBatchRequestEntry');
    return runEntries(entries, (entry) => deleteByHandle(queue, entry));
  },
});
