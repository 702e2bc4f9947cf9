import type { Action } from '../../service.ts';
import { namedAddress, permissionOn, queueUrl } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { requiredText, textMap } from '../parameters.ts';
import { readQueueAttributes } from '../queue-attributes.ts';

/** An existing queue with the same attributes is answered as if it were new; its tags stay as they are. */
export const createQueue = (sqs: SqsState): Action => ({
  permissions: (parameters) => {
    const address = namedAddress(sqs, { QueueName: parameters['QueueName'] });
    const actions = parameters['tags'] === undefined ? ['CreateQueue'] : ['CreateQueue', 'TagQueue'];
    return actions.map((action) => permissionOn(sqs, action, address));
  },
  run: (parameters, call) => {
    const queue = sqs.queues.create({
      name: requiredText(parameters, 'QueueName'),
      attributes: readQueueAttributes(textMap(parameters, 'Attributes'), sqs.readPolicy),
      tags: textMap(parameters, 'tags'),
    });
    return { QueueUrl: queueUrl(sqs, call, queue.name) };
  },
});
