import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { AwsError, startEmulator } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { openSqs } from '../../../../functions/aws/clients.ts';
import { sendBytes } from '../../../../functions/dispatch/message.ts';
import { createSend, type Entry } from '../../../../functions/dispatch/queue-sender.ts';
import { bytesOf } from '../../../tools/delivery-tools.ts';

const queueSchema = z.object({ QueueUrl: z.string() });

const emulator = await startEmulator({
  template: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } }, Outputs: { Url: { Value: { Ref: 'Queue' } } } },
});
const { Url: queueUrl = '' } = emulator.outputs;
const client = openSqs(emulator.clientConfig);
const send = createSend(client);
const removals: (() => void)[] = [];

afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

const entry = (id: string, body = `body ${id}`): Entry => ({
  id,
  body,
  messageId: `shard:${id}`,
  sentAt: 1_700_000_000_000,
});

/** Fails every call with an AWS error. */
const failWith = (code: string, status = 400): void => {
  const message = 'A message that names arn:aws:sqs:eu-west-1:123456789012:secret';
  removals.push(
    emulator.interceptors.add('before', 'sqs:SendMessageBatch', () => {
      throw new AwsError(code, message, status);
    }),
  );
};

describe('sending a batch', () => {
  test('sends bodies with the two attributes', async () => {
    const { QueueUrl } = queueSchema.parse(await emulator.ask('sqs', 'CreateQueue', { QueueName: 'other' }));
    expect(await send(QueueUrl, [entry('1', 'é🙂')])).toEqual({ type: 'answered', failed: [] });
    const received = await emulator.ask('sqs', 'ReceiveMessage', {
      QueueUrl,
      MessageAttributeNames: ['All'],
    });
    expect(received).toMatchObject({
      Messages: [
        {
          Body: 'é🙂',
          MessageAttributes: {
            messageId: { DataType: 'String', StringValue: 'shard:1' },
            sentAt: { DataType: 'Number', StringValue: '1700000000000' },
          },
        },
      ],
    });
  });

  test('is packed by the bytes that SQS counts', () => {
    for (const each of [entry('1', 'é🙂'), entry('22', 'x'.repeat(1000))]) {
      expect(sendBytes({ ...each, accountId: 1 })).toBe(bytesOf(each));
    }
  });

  test('names the entries that failed', async () => {
    removals.push(
      emulator.faults.add({
        call: 'sqs:SendMessageBatch',
        when: 'before',
        entry: 1,
        error: { name: 'InternalError', message: 'x' },
      }),
    );
    expect(await send(queueUrl, [entry('1'), entry('2')])).toEqual({
      type: 'answered',
      failed: [{ id: '2', senderFault: false, code: 'InternalError' }],
    });
  });

  test.each([
    ['a queue that is gone', 'QueueDoesNotExist', 400, { type: 'gone' }],
    ['a queue that is gone, by its older name', 'AWS.SimpleQueueService.NonExistentQueue', 400, { type: 'gone' }],
    [
      'throttling',
      'RequestThrottled',
      403,
      { type: 'refused', reason: 'sqs:SendMessage was throttled', transient: true },
    ],
    [
      'a failure of SQS',
      'InternalFailure',
      500,
      { type: 'refused', reason: 'sqs:SendMessage did not answer: InternalFailure', transient: true },
    ],
    [
      'a refusal',
      'AccessDenied',
      403,
      { type: 'refused', reason: 'sqs:SendMessage was refused: AccessDenied', transient: false },
    ],
  ])('returns %s by name', async (_, code, status, answer) => {
    failWith(code, status);
    expect(await send(queueUrl, [entry('1')])).toEqual(answer);
  });
});
