import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../index.ts';
import { MovableClock, startEmulator } from '../../index.ts';
import { isList, memberOf } from '../../values.ts';

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'sender',
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'send',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] },
      },
    ],
  },
};

const template = {
  Resources: {
    Things: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'things',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    Events: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'events', ShardCount: 1 } },
    Files: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
    Guests: {
      Type: 'AWS::Cognito::IdentityPool',
      Properties: { AllowUnauthenticatedIdentities: true, AllowClassicFlow: true },
    },
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/log' } },
    Sender: role,
  },
  Outputs: { PoolId: { Value: { Ref: 'Guests' } } },
};

const folders: string[] = [];
const running = new Set<Emulator>();

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'state-'));
  folders.push(folder);
  return folder;
};

const start = async (data: string, options: Partial<EmulatorOptions> = {}): Promise<Emulator> => {
  const emulator = await startEmulator({ template, data, ...options });
  running.add(emulator);
  return emulator;
};

const stop = async (emulator: Emulator): Promise<void> => {
  running.delete(emulator);
  await emulator.stop();
};

afterEach(async () => {
  for (const emulator of running) await stop(emulator);
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** Stops the emulator and starts it again with the same folder. */
const restart = async (emulator: Emulator, data: string): Promise<Emulator> => {
  await stop(emulator);
  return start(data);
};

const url = (emulator: Emulator, name: string): string => `${emulator.url}/000000000000/${name}`;

interface Received {
  readonly body: unknown;
  readonly handle: unknown;
}

const receive = async (emulator: Emulator, name: string, VisibilityTimeout = 30): Promise<Received[]> => {
  const parameters = { QueueUrl: url(emulator, name), MaxNumberOfMessages: 10, VisibilityTimeout };
  const messages = memberOf(await emulator.ask('sqs', 'ReceiveMessage', parameters), 'Messages');
  return (isList(messages) ? messages : []).map((message) => ({
    body: memberOf(message, 'Body'),
    handle: memberOf(message, 'ReceiptHandle'),
  }));
};

const send = (emulator: Emulator, name: string, MessageBody: string): Promise<object> =>
  emulator.ask('sqs', 'SendMessage', { QueueUrl: url(emulator, name), MessageBody });

test('queues, their attributes, tags and messages go on as they were', async () => {
  const data = await newFolder();
  let emulator = await start(data);
  const queue = { QueueName: 'made', Attributes: { VisibilityTimeout: '77' }, tags: { kind: 'a' } };
  await emulator.ask('sqs', 'CreateQueue', queue);
  for (const body of ['1', '2', '3']) await send(emulator, 'made', body);
  const [first] = await receive(emulator, 'made', 600);
  emulator = await restart(emulator, data);
  const QueueUrl = url(emulator, 'made');
  expect(await emulator.ask('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).toMatchObject({
    Attributes: {
      ...{ VisibilityTimeout: '77', ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '3' },
    },
  });
  expect(await emulator.ask('sqs', 'ListQueueTags', { QueueUrl })).toEqual({ Tags: { kind: 'a' } });
  await emulator.ask('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: first?.handle });
  emulator = await restart(emulator, data);
  emulator.clock.advance(601_000);
  expect((await receive(emulator, 'made')).map(({ body }) => body)).toEqual(['2', '3']);
  await emulator.ask('sqs', 'DeleteQueue', { QueueUrl: url(emulator, 'made') });
  emulator = await restart(emulator, data);
  await expect(receive(emulator, 'made')).rejects.toThrow('does not exist');
});

test('what was purged stays away, and a queue of the template has the template’s attributes', async () => {
  const data = await newFolder();
  let emulator = await start(data);
  await send(emulator, 'jobs', 'old');
  await emulator.ask('sqs', 'PurgeQueue', { QueueUrl: url(emulator, 'jobs') });
  await send(emulator, 'jobs', 'new');
  await stop(emulator);
  const Jobs = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', VisibilityTimeout: 99 } };
  emulator = await start(data, { template: { ...template, Resources: { ...template.Resources, Jobs } } });
  const parameters = { QueueUrl: url(emulator, 'jobs'), AttributeNames: ['VisibilityTimeout'] };
  expect(await emulator.ask('sqs', 'GetQueueAttributes', parameters)).toEqual({
    Attributes: { VisibilityTimeout: '99' },
  });
  expect((await receive(emulator, 'jobs')).map(({ body }) => body)).toEqual(['new']);
});

test('items, objects, records and identities go on as they were', async () => {
  const data = await newFolder();
  let emulator = await start(data);
  const put = (id: string) =>
    emulator.ask('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: id }, count: { N: '1' } } });
  for (const id of ['kept', 'deleted']) await put(id);
  await emulator.ask('dynamodb', 'UpdateItem', {
    ...{ TableName: 'things', Key: { id: { S: 'kept' } }, UpdateExpression: 'SET #count = :two' },
    ...{ ExpressionAttributeNames: { '#count': 'count' }, ExpressionAttributeValues: { ':two': { N: '2' } } },
  });
  await emulator.ask('dynamodb', 'DeleteItem', { TableName: 'things', Key: { id: { S: 'deleted' } } });
  for (const Key of ['a', 'b']) await emulator.ask('s3', 'PutObject', { Bucket: 'files', Key, Body: Buffer.from(Key) });
  await emulator.ask('s3', 'DeleteObject', { Bucket: 'files', Key: 'b' });
  const record = { StreamName: 'events', Data: 'aGVsbG8=', PartitionKey: 'k' };
  const before = memberOf(await emulator.ask('kinesis', 'PutRecord', record), 'SequenceNumber');
  const { PoolId: IdentityPoolId } = emulator.outputs;
  const IdentityId = memberOf(await emulator.ask('cognito-identity', 'GetId', { IdentityPoolId }), 'IdentityId');

  emulator = await restart(emulator, data);
  expect(await emulator.ask('dynamodb', 'Scan', { TableName: 'things' })).toMatchObject({
    Items: [{ id: { S: 'kept' }, count: { N: '2' } }],
  });
  expect(await emulator.ask('s3', 'ListObjectsV2', { Bucket: 'files' })).toMatchObject({
    Contents: [{ Key: 'a', Size: 1 }],
  });
  const place = {
    ...{ StreamName: 'events', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
  };
  const ShardIterator = memberOf(await emulator.ask('kinesis', 'GetShardIterator', place), 'ShardIterator');
  expect(await emulator.ask('kinesis', 'GetRecords', { ShardIterator })).toMatchObject({
    Records: [{ Data: 'aGVsbG8=', SequenceNumber: before }],
  });
  const after = memberOf(await emulator.ask('kinesis', 'PutRecord', record), 'SequenceNumber');
  expect(BigInt(String(after)) > BigInt(String(before))).toBe(true);
  expect(await emulator.ask('cognito-identity', 'DescribeIdentity', { IdentityId })).toMatchObject({ IdentityId });
});

test('credentials and identity tokens stay valid', async () => {
  const data = await newFolder();
  let emulator = await start(data);
  const { accessKeyId, secretAccessKey, sessionToken } = emulator.issueCredentials('sender', 'test');
  const { SQSClient, ListQueuesCommand } = await import('@aws-sdk/client-sqs');
  emulator = await restart(emulator, data);
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const client = new SQSClient({ ...emulator.clientConfig, credentials });
  expect((await client.send(new ListQueuesCommand())).QueueUrls).toHaveLength(1);
  client.destroy();
});

test('what a killed process had written is there', async () => {
  const data = await newFolder();
  const emulator = await start(data);
  await send(emulator, 'jobs', 'hello');
  const bodies = async (): Promise<unknown[]> => {
    const copy = await newFolder();
    await cp(data, copy, { recursive: true });
    const other = await start(copy);
    const messages = await receive(other, 'jobs');
    await stop(other);
    return messages.map(({ body }) => body);
  };
  let found: unknown[] = [];
  while (found.length === 0) found = await bodies();
  expect(found).toEqual(['hello']);
});

test('a folder is used by one process at a time, and by one stack', async () => {
  const data = await newFolder();
  const emulator = await start(data);
  await expect(start(data)).rejects.toThrow(`The state in ${data} is in use by another process.`);
  await stop(emulator);
  await expect(start(data, { region: 'eu-west-1' })).rejects.toThrow(
    `The folder ${data} keeps the state of the stack stack in account 000000000000, us-east-1, not of stack in account 000000000000, eu-west-1.`,
  );
});

test('a folder that cannot be made, and a file that is no state, are named', async () => {
  const data = await newFolder();
  await writeFile(join(data, 'file'), '');
  await expect(start(join(data, 'file', 'state'))).rejects.toThrow(
    /^The folder .*\/file\/state cannot be written: ENOTDIR/,
  );
  // Nobody can make a folder there: mkdir fails although the folder above it exists.
  await expect(start('/proc/none/state')).rejects.toThrow(/^The folder \/proc\/none\/state cannot be written: E[A-Z]+/);
  await writeFile(join(data, 'state.sqlite'), 'x'.repeat(5_000));
  await expect(start(data)).rejects.toThrow(/^The state in .* is damaged: .*\. Delete the folder to start anew\.$/);
});

test('a table keeps its id and the time it was made, which is the emulator’s', async () => {
  const data = await newFolder();
  const clock = new MovableClock({ standsAt: Date.parse('2026-01-01T00:00:00Z') });
  const describe = async (emulator: Emulator) => {
    const answer = await emulator.ask('dynamodb', 'DescribeTable', { TableName: 'things' });
    return ['TableId', 'CreationDateTime'].map((name) => memberOf(memberOf(answer, 'Table'), name));
  };
  const first = await start(data, { clock });
  const [id, created] = await describe(first);
  expect([id, created]).toEqual([expect.stringMatching(/^[\w-]{30,36}$/), clock.now() / 1000]);
  await first.stop();
  running.delete(first);
  clock.advance(60_000);
  expect(await describe(await start(data, { clock }))).toEqual([id, created]);
});
