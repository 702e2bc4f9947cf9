import type { Action } from '../../service.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html */
export const listQueueTags = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'ListQueueTags'),
  run: (parameters) => {
    const { tags } = addressedQueue(sqs, parameters);
    return tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) };
  },
});
