import type { Action } from '../../service.ts';
import { missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { textMap } from '../parameters.ts';
import { readQueueAttributes } from '../queue-attributes.ts';

/** On AWS it may take a minute until a change holds (see Propagation), for the retention period a quarter of an hour. */
export const setQueueAttributes = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'SetQueueAttributes'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const texts = textMap(parameters, 'Attributes');
    if (texts.size === 0) throw missingParameter('Attribute.Name');
    sqs.queues.change(queue, readQueueAttributes(texts, sqs.readPolicy));
    return {};
  },
});
