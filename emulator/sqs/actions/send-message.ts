import type { Action, Call, Parameters } from '../../service.ts';
import { invalidParameter } from '../errors.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { digests, readMessageContent, sizeOfContent } from '../message-content.ts';
import type { MessageContent } from '../message.ts';
import { optionalInteger } from '../parameters.ts';
import type { Queue } from '../queue.ts';

export interface Outgoing {
  readonly content: MessageContent;
  /** Seconds. */
  readonly delay: number;
}

/** Reads a message for a queue. @throws AwsError when the queue does not take it */
export const readOutgoing = (sqs: SqsState, queue: Queue, parameters: Parameters, call: Call): Outgoing => {
  const content = readMessageContent(parameters, call, sqs.accountId);
  const { MaximumMessageSize, DelaySeconds } = queue.attributes;
  if (sizeOfContent(content) > MaximumMessageSize) {
    const reason = `Message must be shorter than ${MaximumMessageSize} bytes.`;
    throw invalidParameter(`One or more parameters are invalid. Reason: ${reason}`);
  }
  return { content, delay: optionalInteger(parameters, 'DelaySeconds', { from: 0, to: 900 }) ?? DelaySeconds };
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const sendMessage = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'SendMessage'),
  run: (parameters, call) => {
    const queue = addressedQueue(sqs, parameters);
    const { content, delay } = readOutgoing(sqs, queue, parameters, call);
    const { id } = queue.add(content, delay);
    queue.wake();
    return { MessageId: id, ...digests(content) };
  },
});
