import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { invalidParameter, invalidReceiptHandle, missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { optionalInteger, requiredText } from '../parameters.ts';
import type { Queue } from '../queue.ts';

/** @throws AwsError ReceiptHandleIsInvalid, MessageNotInflight, InvalidParameterValue when the message is gone */
export const changeByHandle = (queue: Queue, parameters: Parameters): object => {
  const handle = requiredText(parameters, 'ReceiptHandle');
  const timeout = optionalInteger(parameters, 'VisibilityTimeout', { from: 0, to: 43_200 });
  if (timeout === undefined) throw missingParameter('VisibilityTimeout');
  const found = queue.find(handle);
  if (found === 'malformed') throw invalidReceiptHandle(handle);
  if (typeof found !== 'object') {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidParameter(`Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${reason}`);
  }
  if (found.state !== 'hidden') throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
  queue.changeVisibility(found, timeout);
  return {};
};

export const changeMessageVisibility = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'ChangeMessageVisibility'),
  run: (parameters) => changeByHandle(addressedQueue(sqs, parameters), parameters),
});
