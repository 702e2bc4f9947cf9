import type { Action } from '../../service.ts';
import { missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { textMap } from '../parameters.ts';
import { readQueueAttributes } from '../queue-attributes.ts';

/**
 * A change takes up to 60 seconds, that of the retention period up to 15 minutes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 * Here it takes as long as the Propagation says.
 */
export const setQueueAttributes = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'SetQueueAttributes'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const texts = textMap(parameters, 'Attributes');
    if (texts.size === 0) throw missingParameter('Attribute.Name');
    sqs.queues.change(queue, readQueueAttributes(texts, sqs.access));
    return {};
  },
});
