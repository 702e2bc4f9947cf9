import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../functions/dispatch/batch-sending.ts';
import { sendBytes } from '../../../functions/dispatch/message.ts';
import { sendBatch } from '../../../functions/dispatch/send-batch.ts';
import { AwsFault, startAwsServer, type AwsServer } from '../../fakes/aws-server.ts';
import { SqsFake } from '../../fakes/sqs.ts';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';
const entry = (id: string, body = `body ${id}`): Entry => ({
  id,
  body,
  messageId: `shard:${id}`,
  sentAt: 1_700_000_000_000,
});

let sqs: SqsFake;
let server: AwsServer;
let client: SQSClient;

beforeEach(async () => {
  sqs = new SqsFake();
  server = await startAwsServer(sqs.actions);
  client = new SQSClient({ ...server.client, useQueueUrlAsEndpoint: false });
});

afterEach(async () => {
  client.destroy();
  await server.stop();
});

describe('sending a batch', () => {
  test('sends bodies with the two attributes', async () => {
    expect(await sendBatch(client, queueUrl, [entry('1')])).toEqual({ type: 'answered', failed: [] });
    expect(server.calls[0]?.parameters).toEqual({
      QueueUrl: queueUrl,
      Entries: [
        {
          Id: '1',
          MessageBody: 'body 1',
          MessageAttributes: {
            messageId: { DataType: 'String', StringValue: 'shard:1' },
            sentAt: { DataType: 'Number', StringValue: '1700000000000' },
          },
        },
      ],
    });
  });

  test('adds to a call exactly the bytes it is packed by', async () => {
    const entries = [entry('1', 'é🙂'), entry('2', 'x'.repeat(1000))];
    await sendBatch(client, queueUrl, entries);
    const packed = entries.map((each) => sendBytes({ ...each, accountId: 1 })).reduce((a, b) => a + b);
    expect(sqs.batches[0]?.bytes).toBe(packed);
  });

  test('tells which entries failed and whose fault it is', async () => {
    sqs.onEntry = (_, body) => (body === 'body 2' ? { code: 'InvalidMessageContents', senderFault: true } : undefined);
    expect(await sendBatch(client, queueUrl, [entry('1'), entry('2')])).toEqual({
      type: 'answered',
      failed: [{ id: '2', senderFault: true, code: 'InvalidMessageContents' }],
    });
  });

  test.each<[string, AwsFault, object]>([
    ['a queue that is gone', new AwsFault('QueueDoesNotExist'), { type: 'gone' }],
    [
      'a queue that is gone, by its older name',
      new AwsFault('AWS.SimpleQueueService.NonExistentQueue'),
      { type: 'gone' },
    ],
    [
      'throttling',
      new AwsFault('RequestThrottled'),
      { type: 'refused', reason: 'sqs:SendMessage was throttled', transient: true },
    ],
    [
      'a failure of SQS',
      new AwsFault('InternalFailure', 500),
      { type: 'refused', reason: 'sqs:SendMessage did not answer: InternalFailure', transient: true },
    ],
    [
      'a refusal',
      new AwsFault('AccessDenied', 403),
      { type: 'refused', reason: 'sqs:SendMessage was refused: AccessDenied', transient: false },
    ],
  ])('tells of %s', async (_, fault, answer) => {
    sqs.onBatch = () => {
      throw fault;
    };
    expect(await sendBatch(client, queueUrl, [entry('1')])).toEqual(answer);
  });
});
