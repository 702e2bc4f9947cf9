import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import type { ServiceHarness } from '../lifecycle/service-harness.ts';

/** Takes all messages out of a queue, as an operator may. */
export const emptyQueue = async ({ runtime }: ServiceHarness, QueueUrl: string): Promise<readonly Message[]> => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint: runtime.url, region: 'us-east-1', credentials });
  const all: Message[] = [];
  for (;;) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (messages.length === 0) break;
    all.push(...messages);
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  client.destroy();
  return all;
};

/** The id that dispatch gave a message. */
export const messageIdOf = ({ MessageAttributes: attributes }: Message): string =>
  attributes?.['messageId']?.StringValue ?? '';
