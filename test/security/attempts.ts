import * as cognito from '@aws-sdk/client-cognito-identity';
import * as dynamo from '@aws-sdk/client-dynamodb';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import type { Emulator } from 'aws-template-emulator';
import { clientOptions } from '../tools/worst-case.ts';
import type { Keys } from './principals.ts';

/** One thing somebody tries. */
export interface Attempt {
  /** As the table says it: `sqs:ReceiveMessage A`. */
  readonly name: string;
  readonly run: (clients: Clients) => Promise<unknown>;
}

interface Clients {
  readonly sqs: sqs.SQSClient;
  readonly dynamo: dynamo.DynamoDBClient;
  readonly kinesis: kinesis.KinesisClient;
  readonly s3: s3.S3Client;
  readonly sfn: sfn.SFNClient;
  readonly sts: sts.STSClient;
  readonly cognito: cognito.CognitoIdentityClient;
}

/** Clients that sign with these keys, or not at all, and try once. */
export const clientsWith = ({ url, clock }: Emulator, keys: Keys): Clients => {
  const settings = {
    endpoint: url,
    region: 'us-east-1',
    disableHostPrefix: true,
    ...clientOptions(clock),
    ...(keys
      ? { credentials: keys }
      : {
          signer: { sign: (request: never) => Promise.resolve(request) },
          credentials: { accessKeyId: '-', secretAccessKey: '-' },
        }),
  };
  return {
    sqs: new sqs.SQSClient(settings),
    dynamo: new dynamo.DynamoDBClient(settings),
    kinesis: new kinesis.KinesisClient(settings),
    s3: new s3.S3Client(settings),
    sfn: new sfn.SFNClient(settings),
    sts: new sts.STSClient(settings),
    cognito: new cognito.CognitoIdentityClient(settings),
  };
};

const onQueue = (label: string, QueueUrl: string): Attempt[] => {
  const ReceiptHandle = 'x';
  const attempt = (action: string, run: Attempt['run']): Attempt => ({ name: `sqs:${action} ${label}`, run });
  const Attributes = { VisibilityTimeout: '1' };
  const QueueName = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  return [
    attempt('ReceiveMessage', (c) => c.sqs.send(new sqs.ReceiveMessageCommand({ QueueUrl }))),
    attempt('SendMessage', (c) => c.sqs.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'x' }))),
    attempt('DeleteMessage', (c) => c.sqs.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle }))),
    attempt('PurgeQueue', (c) => c.sqs.send(new sqs.PurgeQueueCommand({ QueueUrl }))),
    attempt('ChangeMessageVisibility', (c) =>
      c.sqs.send(new sqs.ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 })),
    ),
    attempt('SetQueueAttributes', (c) => c.sqs.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes }))),
    attempt('GetQueueAttributes', (c) => c.sqs.send(new sqs.GetQueueAttributesCommand({ QueueUrl }))),
    attempt('GetQueueUrl', (c) => c.sqs.send(new sqs.GetQueueUrlCommand({ QueueName }))),
    attempt('CreateQueue', (c) => c.sqs.send(new sqs.CreateQueueCommand({ QueueName }))),
    attempt('DeleteQueue', (c) => c.sqs.send(new sqs.DeleteQueueCommand({ QueueUrl }))),
  ];
};

const onTables = (outputs: Emulator['outputs']): Attempt[] => {
  const TableName = outputs['SessionTableName'];
  const Key = { accountId: { N: '1' }, sessionId: { S: 'a' } };
  const byAccount = {
    TableName,
    KeyConditionExpression: 'accountId = :a',
    ExpressionAttributeValues: { ':a': { N: '1' } },
  };
  const route = { ...byAccount, IndexName: 'routes', Select: 'SPECIFIC_ATTRIBUTES' } as const;
  const shard = {
    TableName,
    IndexName: 'byShard',
    KeyConditionExpression: 'shard = :s',
    ExpressionAttributeValues: { ':s': { S: '0' } },
  };
  const attempt = (name: string, run: Attempt['run']): Attempt => ({ name: `dynamodb:${name}`, run });
  const query = (input: dynamo.QueryCommandInput) => (c: Clients) => c.dynamo.send(new dynamo.QueryCommand(input));
  return [
    attempt('GetItem Sessions', (c) => c.dynamo.send(new dynamo.GetItemCommand({ TableName, Key }))),
    attempt('PutItem Sessions', (c) => c.dynamo.send(new dynamo.PutItemCommand({ TableName, Item: Key }))),
    attempt('DeleteItem Sessions', (c) => c.dynamo.send(new dynamo.DeleteItemCommand({ TableName, Key }))),
    attempt('UpdateItem Sessions', (c) => c.dynamo.send(new dynamo.UpdateItemCommand({ TableName, Key }))),
    attempt('Scan Sessions', (c) => c.dynamo.send(new dynamo.ScanCommand({ TableName }))),
    attempt('Query Sessions', query(byAccount)),
    attempt('Query byShard', query(shard)),
    attempt('Query routes', query({ ...route, ProjectionExpression: 'accountId, sessionId, queueUrl, expires' })),
    attempt('Query routes for keys', query({ ...route, ProjectionExpression: 'accountId, secretKey' })),
    attempt('Query routes whole', query({ ...byAccount, IndexName: 'routes' })),
  ];
};

const onMessages = ({ MessageBucketName: Bucket }: Emulator['outputs']): Attempt[] => [
  ...['messages', 'dead-letters'].flatMap((folder): Attempt[] => {
    const object = { Bucket, Key: `${folder}/x` };
    return [
      { name: `s3:GetObject ${folder}`, run: (c) => c.s3.send(new s3.GetObjectCommand(object)) },
      { name: `s3:PutObject ${folder}`, run: (c) => c.s3.send(new s3.PutObjectCommand({ ...object, Body: 'x' })) },
    ];
  }),
  { name: 's3:ListObjectsV2 Messages', run: (c) => c.s3.send(new s3.ListObjectsV2Command({ Bucket })) },
];

const onMachines = (outputs: Emulator['outputs']): Attempt[] =>
  ['CreateSession', 'RenewSession', 'SessionStatus', 'ListSessions', 'DestroySession', 'Cleanup', 'Dispatch'].flatMap(
    (machine) => {
      const input = { stateMachineArn: outputs[`${machine}MachineArn`], input: '{}' };
      return [
        {
          name: `states:StartSyncExecution ${machine}`,
          run: (c) => c.sfn.send(new sfn.StartSyncExecutionCommand(input)),
        },
        { name: `states:StartExecution ${machine}`, run: (c) => c.sfn.send(new sfn.StartExecutionCommand(input)) },
      ] satisfies Attempt[];
    },
  );

const onStream = (outputs: Emulator['outputs'], ShardIterator: string): Attempt[] => {
  const StreamName = outputs['EventStreamName'];
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  const first = { ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const record = { Data: Buffer.from('{}'), PartitionKey: 'a' };
  return [
    { name: 'kinesis:PutRecord', run: (c) => c.kinesis.send(new kinesis.PutRecordCommand({ StreamARN, ...record })) },
    {
      name: 'kinesis:PutRecords',
      run: (c) => c.kinesis.send(new kinesis.PutRecordsCommand({ StreamARN, Records: [record] })),
    },
    {
      name: 'kinesis:GetShardIterator',
      run: (c) => c.kinesis.send(new kinesis.GetShardIteratorCommand({ StreamARN, ...first })),
    },
    {
      name: 'kinesis:GetRecords',
      run: (c) => c.kinesis.send(new kinesis.GetRecordsCommand({ StreamARN, ShardIterator })),
    },
  ];
};

const onIdentities = (outputs: Emulator['outputs'], IdentityId: string): Attempt[] => {
  const IdentityPoolId = outputs['IdentityPoolId'];
  return [
    { name: 'cognito-identity:GetId', run: (c) => c.cognito.send(new cognito.GetIdCommand({ IdentityPoolId })) },
    {
      name: 'cognito-identity:GetOpenIdToken A',
      run: (c) => c.cognito.send(new cognito.GetOpenIdTokenCommand({ IdentityId })),
    },
    {
      name: 'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
      run: (c) =>
        c.cognito.send(
          new cognito.GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId, Logins: { 'sqs-browser': 'x' } }),
        ),
    },
    { name: 'sts:GetCallerIdentity', run: (c) => c.sts.send(new sts.GetCallerIdentityCommand({})) },
    {
      name: 'cognito-identity:ListIdentities',
      run: (c) => c.cognito.send(new cognito.ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60 })),
    },
    {
      name: 'cognito-identity:DescribeIdentity',
      run: (c) => c.cognito.send(new cognito.DescribeIdentityCommand({ IdentityId })),
    },
    {
      name: 'cognito-identity:DeleteIdentities',
      run: (c) => c.cognito.send(new cognito.DeleteIdentitiesCommand({ IdentityIdsToDelete: [IdentityId] })),
    },
  ];
};

interface Targets {
  readonly runtime: Emulator;
  readonly queues: Readonly<Record<string, string>>;
  readonly identityId: string;
  readonly shardIterator: string;
}

/** Everything that is tried. */
export const attemptsOn = ({ runtime, queues, identityId, shardIterator }: Targets): readonly Attempt[] => {
  const { outputs } = runtime;
  return [
    ...Object.entries(queues).flatMap(([label, url]) => onQueue(label, url)),
    { name: 'sqs:ListQueues', run: (c) => c.sqs.send(new sqs.ListQueuesCommand({})) },
    ...onTables(outputs),
    ...onMessages(outputs),
    ...onStream(outputs, shardIterator),
    ...onMachines(outputs),
    ...onIdentities(outputs, identityId),
  ];
};
