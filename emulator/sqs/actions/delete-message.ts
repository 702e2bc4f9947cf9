import type { Action, Parameters } from '../../service.ts';
import { invalidReceiptHandle } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { requiredText } from '../parameters.ts';
import type { Queue } from '../queue.ts';

/**
 * Deletes what a handle names. A handle that is outdated, because the message was received again since, deletes nothing
 * and is no error, as AWS reserves itself to do. @throws AwsError ReceiptHandleIsInvalid
 */
export const deleteByHandle = (queue: Queue, parameters: Parameters): object => {
  const handle = requiredText(parameters, 'ReceiptHandle');
  const found = queue.find(handle);
  if (found === 'malformed') throw invalidReceiptHandle(handle);
  if (typeof found === 'object') queue.delete(found);
  return {};
};

export const deleteMessage = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'DeleteMessage'),
  run: (parameters) => deleteByHandle(addressedQueue(sqs, parameters), parameters),
});
