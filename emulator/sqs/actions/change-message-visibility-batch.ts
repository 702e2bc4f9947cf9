import type { Action } from '../../service.ts';
import { readEntries, runEntries } from '../batch.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { changeByHandle } from './change-message-visibility.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
export const changeMessageVisibilityBatch = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'ChangeMessageVisibility'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const entries = readEntries(parameters, 'ChangeMessageVisibilityBatchRequestEntry');
    return runEntries(entries, (entry) => changeByHandle(queue, entry, sqs.now()));
  },
});
