import type { EpochMilliseconds } from '../../clock.ts';
import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { invalidParameter, invalidReceiptHandle, missingParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { optionalInteger, requiredText } from '../parameters.ts';
import type { Queue } from '../queue.ts';

/** A message is hidden for twelve hours at the most, counted from its first receive. */
const maxSeconds = 43_200;

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 * Assumed: a handle of an earlier receive is refused like one of a message that is gone.
 * @throws AwsError ReceiptHandleIsInvalid, MessageNotInflight; InvalidParameterValue when the message is gone, or would be hidden too long
 */
export const changeByHandle = (queue: Queue, parameters: Parameters, now: EpochMilliseconds): object => {
  const handle = requiredText(parameters, 'ReceiptHandle');
  const timeout = optionalInteger(parameters, 'VisibilityTimeout', { from: 0, to: maxSeconds });
  if (timeout === undefined) throw missingParameter('VisibilityTimeout');
  const found = queue.find(handle);
  if (found === 'malformed') throw invalidReceiptHandle(handle);
  if (typeof found !== 'object') {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidParameter(`Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${reason}`);
  }
  if (found.state !== 'hidden') throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
  if (timeout > Math.max(0, maxSeconds - Math.floor((now - found.firstReceivedAt) / 1000))) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${maxSeconds} seconds]`;
    throw invalidParameter(`Value ${timeout} for parameter VisibilityTimeout is invalid. Reason: ${reason}`);
  }
  queue.changeVisibility(found, timeout);
  return {};
};

export const changeMessageVisibility = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'ChangeMessageVisibility'),
  run: (parameters) => changeByHandle(addressedQueue(sqs, parameters), parameters, sqs.now()),
});
