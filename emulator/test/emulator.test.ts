import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from '@jest/globals';
import { AwsError, MovableClock, startEmulator } from '../index.ts';

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'Things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const reader = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'reader',
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'read',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } }],
        },
      },
    ],
  },
};

const standsAt = Date.parse('2026-01-01T00:00:00Z');
const clock = new MovableClock({ standsAt });
const emulator = await startEmulator({
  template: {
    Resources: { Table: table, Reader: reader, Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } },
    Outputs: { JobsUrl: { Value: { Ref: 'Jobs' } } },
  },
  clock,
  accountId: '123456789012',
  region: 'eu-west-1',
});

afterAll(() => emulator.stop());

test('an inline template runs without a folder, a function or an API', async () => {
  const sqs = new SQSClient(emulator.clientConfig);
  const { JobsUrl: url = '' } = emulator.outputs;
  expect(url).toBe(`${emulator.url}/123456789012/jobs`);
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello' }));
  expect(await emulator.ask('sqs', 'ReceiveMessage', { QueueUrl: url })).toMatchObject({
    Messages: [{ Body: 'hello' }],
  });
  expect((await fetch(`${emulator.url}/nothing`)).status).toBe(404);
});

test('requests with the machine’s time are taken whatever the clock shows, if so started', async () => {
  const moved = await startEmulator({
    template: { Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } },
    acceptMachineTime: true,
  });
  moved.clock.advance(3_600_000);
  const { endpoint, region: place, credentials } = moved.clientConfig;
  const sqs = new SQSClient({ endpoint, region: place, credentials, maxAttempts: 1 });
  const created = await sqs.send(new CreateQueueCommand({ QueueName: 'more' }));
  expect(created.QueueUrl).toMatch(/\/more$/);
  sqs.destroy();
  const ahead = new SQSClient({ ...moved.clientConfig, maxAttempts: 1 });
  expect((await ahead.send(new CreateQueueCommand({ QueueName: 'more' }))).QueueUrl).toMatch(/\/more$/);
  ahead.destroy();
  await moved.stop();
});

test('credentials of a role may do what its policies allow, and no more', async () => {
  const credentials = emulator.issueCredentials('reader', 'test');
  const dynamo = new DynamoDBClient({ ...emulator.clientConfig, credentials });
  const key = { TableName: 'Things', Key: { id: { S: 'a' } } };
  await expect(dynamo.send(new GetItemCommand(key))).resolves.toMatchObject({});
  const put = dynamo.send(new PutItemCommand({ TableName: 'Things', Item: { id: { S: 'a' } } }));
  await expect(put).rejects.toThrow(expect.objectContaining({ name: 'AccessDeniedException' }));
  expect(() => emulator.issueCredentials('writer', 'test')).toThrow('The template has no role writer');
});

test('a standing clock moves only when it is moved', () => {
  expect(clock.now()).toBe(standsAt);
  clock.advance(1000);
  expect(clock.now()).toBe(standsAt + 1000);
});

test('an interceptor sees a call before it takes effect, and can refuse it', async () => {
  const remove = emulator.interceptors.add('before', 'sqs:CreateQueue', ({ parameters }) => {
    throw new AwsError('QueueDeletedRecently', `not ${String(parameters['QueueName'])}`);
  });
  const create = () => new SQSClient(emulator.clientConfig).send(new CreateQueueCommand({ QueueName: 'more' }));
  await expect(create()).rejects.toThrow('not more');
  remove();
  await expect(create()).resolves.toMatchObject({ QueueUrl: `${emulator.url}/123456789012/more` });
});
