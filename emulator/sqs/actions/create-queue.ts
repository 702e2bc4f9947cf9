import type { Action } from '../../service.ts';
import { namedAddress, permissionOn, queueUrl } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { requiredText, textMap } from '../parameters.ts';
import { readQueueAttributes } from '../queue-attributes.ts';
import { checkTags } from '../queue-tags.ts';

/**
 * An existing queue with the same attributes is answered as if it were new; a request with tags needs sqs:TagQueue too.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 * Assumed: the tags of an existing queue stay as they are.
 */
export const createQueue = (sqs: SqsState): Action => ({
  permissions: (parameters) => {
    const address = namedAddress(sqs, { QueueName: parameters['QueueName'] });
    const actions = parameters['tags'] === undefined ? ['CreateQueue'] : ['CreateQueue', 'TagQueue'];
    return actions.map((action) => permissionOn(sqs, action, address));
  },
  run: (parameters, call) => {
    const name = requiredText(parameters, 'QueueName');
    const attributes = readQueueAttributes(textMap(parameters, 'Attributes'), sqs.access);
    const tags = textMap(parameters, 'tags');
    checkTags(name, tags);
    const queue = sqs.queues.create({ name, attributes, tags });
    return { QueueUrl: queueUrl(sqs, call, queue.name) };
  },
});
