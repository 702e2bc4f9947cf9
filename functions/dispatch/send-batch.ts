import { SendMessageBatchCommand, type SQSClient, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { failedWith, failureOf } from '../aws/aws-errors.ts';
import type { Entry, SendAnswer } from './batch-sending.ts';
import { attributeNames } from './message.ts';

/** The entries as the SDK takes them, made once for each entry however many queues it goes to. */
const requestEntries = new WeakMap<Entry, SendMessageBatchRequestEntry>();

/**
 * Sends one batch. Never throws: the answer says what failed. The client repeats a failed call once; more is up to the
 * caller, who keeps the order.
 */
export const sendBatch = async (
  client: SQSClient,
  queueUrl: string,
  entries: readonly Entry[],
): Promise<SendAnswer> => {
  try {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries.map(requestEntry) }),
    );
    const failed = Failed.map(({ Id, SenderFault, Code }) => ({
      id: Id ?? '',
      senderFault: SenderFault ?? false,
      code: Code ?? 'Unknown',
    }));
    return { type: 'answered', failed };
  } catch (error) {
    if (failedWith(error, 'QueueDoesNotExist', 'NonExistentQueue')) return { type: 'gone' };
    const failure = failureOf(error, 'sqs:SendMessage');
    return { type: 'refused', reason: failure.message, transient: failure.name !== 'UpstreamFailed' };
  }
};

const requestEntry = (entry: Entry): SendMessageBatchRequestEntry => {
  const known = requestEntries.get(entry);
  if (known) return known;
  const made = {
    Id: entry.id,
    MessageBody: entry.body,
    MessageAttributes: {
      [attributeNames.messageId]: { DataType: 'String', StringValue: entry.messageId },
      [attributeNames.sentAt]: { DataType: 'Number', StringValue: String(entry.sentAt) },
    },
  };
  requestEntries.set(entry, made);
  return made;
};
