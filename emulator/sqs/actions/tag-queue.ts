import type { Action } from '../../service.ts';
import { missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { textMap } from '../parameters.ts';
import { checkTags } from '../queue-tags.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html */
export const tagQueue = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'TagQueue'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const added = textMap(parameters, 'Tags');
    if (added.size === 0) throw missingParameter('Tags');
    const tags = new Map([...queue.tags, ...added]);
    checkTags(queue.name, tags);
    queue.tags = tags;
    return {};
  },
});
