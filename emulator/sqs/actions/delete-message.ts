import type { Action, Parameters } from '../../service.ts';
import { invalidReceiptHandle } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { requiredText } from '../parameters.ts';
import type { Queue } from '../queue.ts';

/**
 * Deletes the message that a handle names. A handle of an earlier receive deletes nothing and is not an error: "the request will
 * succeed, but the message might not be deleted". https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
 * @throws AwsError ReceiptHandleIsInvalid
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
