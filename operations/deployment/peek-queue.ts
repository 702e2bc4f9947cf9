import { ChangeMessageVisibilityBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Deployment } from './deployment.ts';

export interface PeekedMessage {
  readonly id: string;
  readonly body: string;
  readonly handle: string;
}

/** Seconds for which a received message is hidden while the others are received. */
const hiddenSeconds = 30;

/** Receives until the queue is empty or there are enough messages. They stay hidden until they are released. */
export const receiveAll = async (
  { clients, endpoint }: Deployment,
  QueueUrl: string,
  max: number,
): Promise<PeekedMessage[]> => {
  const messages: PeekedMessage[] = [];
  while (messages.length < max) {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: hiddenSeconds },
        // A long poll asks all of a queue's servers; the emulator has one.
        WaitTimeSeconds: endpoint === undefined ? 1 : 0,
      }),
    );
    if (Messages.length === 0) break;
    messages.push(
      ...Messages.map(({ MessageId: id = '', Body: body = '', ReceiptHandle: handle = '' }) => ({ id, body, handle })),
    );
  }
  return messages;
};

/** Makes messages visible again. */
export const releaseAll = async (
  { clients }: Deployment,
  QueueUrl: string,
  messages: readonly PeekedMessage[],
): Promise<void> => {
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages
      .slice(start, start + 10)
      .map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle, VisibilityTimeout: 0 }));
    await clients.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
};

/** The messages of a queue, which stay there. */
export const peekQueue = async (deployment: Deployment, queueUrl: string, max: number): Promise<PeekedMessage[]> => {
  const messages = await receiveAll(deployment, queueUrl, max);
  await releaseAll(deployment, queueUrl, messages);
  return messages;
};
