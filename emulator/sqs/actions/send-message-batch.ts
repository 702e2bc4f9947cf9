import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { readEntries, runEntries } from '../batch.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { readMessageAttributes, sizeOfAttributes } from '../message-attributes.ts';
import { digests } from '../message-content.ts';
import { optionalText } from '../parameters.ts';
import { readOutgoing } from './send-message.ts';

/** Bytes of all messages of one batch, their attributes included. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const maxBatchBytes = 1_048_576;

const sizeOf = (entry: Parameters): number => {
  const body = Buffer.byteLength(optionalText(entry, 'MessageBody') ?? '');
  if (entry['MessageAttributes'] === undefined) return body;
  try {
    return body + sizeOfAttributes(readMessageAttributes(entry, 'MessageAttributes'));
  } catch {
    // This entry alone is refused, later.
    return body;
  }
};

const checkLength = (entries: readonly Parameters[]): void => {
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes <= maxBatchBytes) return;
  const message = `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${bytes} bytes.`;
  throw new AwsError('BatchRequestTooLong', message);
};

export const sendMessageBatch = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'SendMessage'),
  run: (parameters, call) => {
    const queue = addressedQueue(sqs, parameters);
    const entries = readEntries(parameters, 'SendMessageBatchRequestEntry');
    checkLength(entries);
    const answer = runEntries(entries, (entry) => {
      const { content, delay } = readOutgoing(sqs, queue, entry, call);
      return { MessageId: queue.add(content, delay).id, ...digests(content) };
    });
    queue.wake();
    return answer;
  },
});
