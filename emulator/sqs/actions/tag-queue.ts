import type { Action } from '../../service.ts';
import { invalidParameter, missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { textMap } from '../parameters.ts';

const maxTags = 50;

export const tagQueue = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'TagQueue'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const added = textMap(parameters, 'Tags');
    if (added.size === 0) throw missingParameter('Tags');
    const tags = new Map([...queue.tags, ...added]);
    if (tags.size > maxTags) throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
    queue.tags = tags;
    return {};
  },
});
