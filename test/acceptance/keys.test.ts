import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import type { Session } from '../../client/shared/session.ts';
import { region, sessionSchema, startStack } from './stack.ts';

const stack = await startStack();
const { outputs, url } = stack.runtime;

const receive = (session: Session, QueueUrl = session.sqsUrl) =>
  stack.sessionClient(session).send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));

const denied = {
  name: expect.stringMatching(/^AccessDenied/),
  $metadata: expect.objectContaining({ httpStatusCode: 403 }),
};

describe('the keys of a session', () => {
  test('receive, hide and delete in its own queue', async () => {
    const session = await stack.create(1, 'own');
    const QueueUrl = session.sqsUrl;
    const client = stack.sessionClient(session);
    await stack.call('/notify/1/session/own?msg=hi');
    const { Messages: messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(messages).toHaveLength(1);
    const ReceiptHandle = messages[0]?.ReceiptHandle;
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 }));
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }))).not.toHaveProperty(
      'Messages',
    );
  });

  test('are refused everything else in its own queue', async () => {
    const session = await stack.create(1, 'else');
    const QueueUrl = session.sqsUrl;
    const client = stack.sessionClient(session);
    const attempts = [
      () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
      () => client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
      () => client.send(new PurgeQueueCommand({ QueueUrl })),
      () => client.send(new DeleteQueueCommand({ QueueUrl })),
      () => client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } })),
      () => client.send(new ListQueuesCommand({})),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(denied);
  });

  test('are refused every other queue', async () => {
    const session = await stack.create(1, 'mine');
    const other = await stack.create(1, 'other');
    for (const queue of [other.sqsUrl, outputs['RejectedQueueUrl'], outputs['UndeliveredQueueUrl']]) {
      await expect(receive(session, queue)).rejects.toMatchObject(denied);
    }
  });

  test('are refused every other service', async () => {
    const { accessKey, secretKey, sessionToken } = await stack.create(1, 'services');
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
    const settings = { endpoint: url, region, credentials, maxAttempts: 1, disableHostPrefix: true };
    const Key = { accountId: { N: '1' }, sessionId: { S: 'services' } };
    const attempts = [
      () => new DynamoDBClient(settings).send(new GetItemCommand({ TableName: outputs['SessionTableName'], Key })),
      () =>
        new KinesisClient(settings).send(
          new PutRecordCommand({ StreamName: outputs['EventStreamName'], PartitionKey: 'a', Data: Buffer.from('{}') }),
        ),
      () =>
        new SFNClient(settings).send(
          new StartSyncExecutionCommand({ stateMachineArn: outputs['ListSessionsMachineArn'], input: '{}' }),
        ),
    ];
    // The services with a JSON protocol refuse with status 400.
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a request is refused', () => {
  test('without a signature', async () => {
    const { sqsUrl } = await stack.create(2, 'unsigned');
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ QueueUrl: sqsUrl }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ __type: expect.stringMatching(/MissingAuthenticationToken/) });
  });

  test.each<[string, Partial<Session>, RegExp]>([
    ['with another secret', { secretKey: 'x'.repeat(40) }, /SignatureDoesNotMatch|InvalidSignature/],
    ['with a key that is not there', { accessKey: 'ASIAAAAAAAAAAAAAAAAA' }, /InvalidClientTokenId|UnrecognizedClient/],
    ['with another token', { sessionToken: 'x' }, /InvalidClientTokenId|UnrecognizedClient/],
  ])('%s', async (_what, change, name) => {
    const session = await stack.create(2, 'signed');
    await expect(receive({ ...session, ...change })).rejects.toMatchObject({
      name: expect.stringMatching(name),
      $metadata: expect.objectContaining({ httpStatusCode: 403 }),
    });
  });
});

describe('creating a session again', () => {
  test('keeps its queue and waiting messages, gives new keys and ends the old', async () => {
    const old = await stack.create(3, 'again', 7);
    await stack.call('/notify/3?msg=waiting');
    const fresh = await stack.create(3, 'again', 7);
    expect(fresh.sqsUrl).toBe(old.sqsUrl);
    expect(fresh.accessKey).not.toBe(old.accessKey);
    stack.settle();
    await expect(receive(old)).rejects.toMatchObject(denied);
    expect(await stack.receive(fresh)).toEqual(['{"accountId":3,"msg":"waiting"}']);
    const { sqsUrl, identityId } = fresh;
    expect((await stack.call('/status/3/again')).json).toMatchObject({ sqsUrl, identityId, userId: 7 });
  });

  test('with another user moves it to that user', async () => {
    await stack.create(5, 'moved', 7);
    const moved = await stack.create(5, 'moved', 8);
    expect((await stack.call('/notify/5/user/7?msg=seven')).json).toMatchObject({ sessions: 0 });
    await stack.call('/notify/5/user/8?msg=eight');
    expect(await stack.receive(moved)).toEqual(['{"accountId":5,"userId":8,"msg":"eight"}']);
  });
});

test('renewed keys and the old ones work side by side', async () => {
  const old = await stack.create(4, 'renewed');
  const renewed = sessionSchema.parse((await stack.call('/renew/4/renewed')).json);
  await stack.call('/notify/4?msg=one');
  expect(await stack.receive(old)).toHaveLength(1);
  await stack.call('/notify/4?msg=two');
  expect(await stack.receive(renewed)).toHaveLength(1);
});

test('the keys of a destroyed session open nothing', async () => {
  const session = await stack.create(5, 'gone');
  await stack.call('/destroy/5/gone');
  stack.settle();
  await expect(receive(session)).rejects.toMatchObject({
    name: expect.stringMatching(/AccessDenied|QueueDoesNotExist/),
  });
});

test('the keys of a client of another stack open nothing', async () => {
  const client = new SQSClient({
    endpoint: url,
    region,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  await expect(client.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: expect.stringMatching(/InvalidClientTokenId/),
  });
});
