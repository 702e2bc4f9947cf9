import { SendMessageBatchCommand, SQSClient, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { failedWith, failureOf } from '../sessions/aws-failures.ts';
import type { Entry, SendAnswer } from './batch-sending.ts';
import { sendsInFlight } from './limits.ts';
import { attributeNames } from './message.ts';

/**
 * A client for many queues at once: its connections are kept alive and as many as there are calls in flight. Failed calls
 * are repeated once by the SDK; more is up to the caller, who keeps the order.
 */
export function createSqsClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      httpAgent: { keepAlive: true, maxSockets: sendsInFlight },
      httpsAgent: { keepAlive: true, maxSockets: sendsInFlight },
    },
  });
}

/** The entries as the SDK takes them, made once for each entry however many queues it goes to. */
const requestEntries = new WeakMap<Entry, SendMessageBatchRequestEntry>();

/** Sends one batch. Never throws: a call that failed is told by the answer. */
export async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  entries: readonly Entry[],
  abortSignal?: AbortSignal,
): Promise<SendAnswer> {
  try {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries.map(requestEntry) }),
      abortSignal ? { abortSignal } : {},
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
}

function requestEntry(entry: Entry): SendMessageBatchRequestEntry {
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
}
