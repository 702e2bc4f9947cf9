import type { Action } from '../../service.ts';
import { missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { textMap } from '../parameters.ts';
import { readQueueAttributes } from '../queue-attributes.ts';

/** Takes effect at once; on AWS it may take a minute, the retention period a quarter of an hour. */
export const setQueueAttributes = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'SetQueueAttributes'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const texts = textMap(parameters, 'Attributes');
    if (texts.size === 0) throw missingParameter('Attribute.Name');
    queue.attributes = { ...queue.attributes, ...readQueueAttributes(texts, sqs.readPolicy) };
    queue.modifiedAt = sqs.now();
    return {};
  },
});
