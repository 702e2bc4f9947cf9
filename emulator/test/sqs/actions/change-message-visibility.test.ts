import { expect, test } from '@jest/globals';
import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { client, clock, newQueue } from '../queues.ts';

const hour = 3_600;

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
test('a message is hidden for twelve hours at the most, counted from its first receive', async () => {
  const QueueUrl = await newQueue({ VisibilityTimeout: String(2 * hour) });
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  const receive = async () => (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.ReceiptHandle;
  const hide = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  const refusal = {
    name: 'InvalidParameterValue',
    message: expect.stringContaining('Total VisibilityTimeout for the message is beyond the limit [43200 seconds]'),
  };
  const first = await receive();
  clock.advance(hour * 1_000);
  await expect(hide(first, 11 * hour + 1)).rejects.toMatchObject(refusal);
  await hide(first, 10 * hour);
  expect(await receive()).toBeUndefined();
  clock.advance(11 * hour * 1_000);
  const second = await receive();
  await expect(hide(second, 1)).rejects.toMatchObject(refusal);
  await hide(second, 0);
  expect(await receive()).not.toBeUndefined();
});
