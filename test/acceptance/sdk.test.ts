import { CognitoIdentityClient, DescribeIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  DescribeStateMachineCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { administrator, region, startStack } from './stack.ts';

const createdSchema = z.object({ sqsUrl: z.string(), identityId: z.string() });

const stack = await startStack();
const { outputs, url } = stack.runtime;
const settings = { endpoint: url, region, credentials: administrator };
const machines = new SFNClient({ ...settings, disableHostPrefix: true });
const kinesis = new KinesisClient(settings);

const outputNames = [
  'ApiUrl',
  'EventStreamName',
  'SessionTableName',
  'MessageBucketName',
  'RejectedQueueUrl',
  'UndeliveredQueueUrl',
  'ServiceName',
  'FailedBatchBucketName',
  'IdentityPoolId',
  'BrowserRoleArn',
  'CreateSessionMachineArn',
  'RenewSessionMachineArn',
  'SessionStatusMachineArn',
  'ListSessionsMachineArn',
  'DestroySessionMachineArn',
  'CleanupMachineArn',
  'DispatchMachineArn',
];

test('the outputs are those of the deployed stack', () => {
  expect(Object.keys(outputs).sort()).toEqual([...outputNames].sort());
});

describe('against the one endpoint URL', () => {
  test('Step Functions lists and describes the machines of the outputs', async () => {
    const { stateMachines = [] } = await machines.send(new ListStateMachinesCommand({}));
    const arns = outputNames.filter((name) => name.endsWith('MachineArn')).map((name) => outputs[name]);
    expect(stateMachines.map(({ stateMachineArn }) => stateMachineArn).sort()).toEqual(arns.sort());
    const described = await machines.send(new DescribeStateMachineCommand({ stateMachineArn: arns[0] }));
    expect(described).toMatchObject({
      status: 'ACTIVE',
      type: 'EXPRESS',
      definition: expect.stringContaining('StartAt'),
    });
  });

  test('a machine that is started directly answers what the API answers', async () => {
    const input = JSON.stringify({ accountId: 1, sessionId: 'direct' });
    const stateMachineArn = outputs['CreateSessionMachineArn'];
    const { status, output = '' } = await machines.send(new StartSyncExecutionCommand({ stateMachineArn, input }));
    expect(status).toBe('SUCCEEDED');
    const { sqsUrl, identityId } = createdSchema.parse(JSON.parse(output));
    expect((await stack.call('/status/1/direct')).json).toMatchObject({ sqsUrl, identityId });
  });

  test('StartSyncExecution is served with the sync- prefix before the host', async () => {
    const { host, hostname, port } = new URL(url);
    // What a name server would do for sync-…: the prefix leads to the same address.
    const viaPrefix = new SFNClient({ ...settings, endpoint: `http://${host}` });
    viaPrefix.middlewareStack.add(
      (next) => (parameters) => {
        const sent = parameters.request as { hostname: string; headers: Record<string, string> };
        expect(sent.hostname).toBe(`sync-${hostname}`);
        sent.headers['host'] = `sync-${hostname}:${port}`;
        sent.hostname = hostname;
        return next(parameters);
      },
      { step: 'deserialize', priority: 'low' },
    );
    const input = JSON.stringify({ accountId: 1, sessionId: 'nobody' });
    const command = new StartSyncExecutionCommand({ stateMachineArn: outputs['SessionStatusMachineArn'], input });
    expect(await viaPrefix.send(command)).toMatchObject({ status: 'FAILED', error: 'SessionNotFound' });
  });

  test('DynamoDB reads a session', async () => {
    await stack.create(2, 'item');
    const Key = { accountId: { N: '2' }, sessionId: { S: 'item' } };
    const { Item } = await new DynamoDBClient(settings).send(
      new GetItemCommand({ TableName: outputs['SessionTableName'], Key }),
    );
    expect(Item?.['version']).toEqual({ N: '1' });
  });

  test('SQS lists the queues of the stack', async () => {
    const { QueueUrls } = await new SQSClient(settings).send(new ListQueuesCommand({}));
    expect(QueueUrls).toEqual(expect.arrayContaining([outputs['RejectedQueueUrl'], outputs['UndeliveredQueueUrl']]));
  });

  test('Cognito describes the identity of a session', async () => {
    const { identityId } = await stack.create(2, 'identity');
    const command = new DescribeIdentityCommand({ IdentityId: identityId });
    expect(await new CognitoIdentityClient(settings).send(command)).toMatchObject({ IdentityId: identityId });
  });

  test('STS says who calls', async () => {
    const administratorIs = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
    expect(administratorIs).toMatchObject({ Account: '000000000000' });
    const { accessKey, secretKey, sessionToken } = await stack.create(2, 'caller');
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
    const sessionIs = await new STSClient({ ...settings, credentials }).send(new GetCallerIdentityCommand({}));
    expect(sessionIs.Arn).toMatch(/^arn:aws:sts::000000000000:assumed-role\/sqs-browser-dev-[\w-]+\/[0-9a-f]{32}$/);
  });

  test('Kinesis takes single records and lists of them', async () => {
    const session = await stack.create(3, 'stream');
    const StreamName = outputs['EventStreamName'];
    const record = (n: number) => ({ Data: Buffer.from(`{"accountId":3,"n":${n}}`), PartitionKey: 'three' });
    await kinesis.send(new PutRecordCommand({ StreamName, ...record(1) }));
    await kinesis.send(new PutRecordsCommand({ StreamName, Records: [record(2), record(3)] }));
    await stack.runtime.idle();
    expect(await stack.receive(session)).toEqual([1, 2, 3].map((n) => `{"accountId":3,"n":${n}}`));
  });
});
