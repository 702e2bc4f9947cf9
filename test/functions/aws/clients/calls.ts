import * as cognito from '@aws-sdk/client-cognito-identity';
import * as dynamoDb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import * as documents from '@aws-sdk/lib-dynamodb';
import {
  openCognito,
  openDocuments,
  openDynamoDb,
  openSqs,
  openStepFunctions,
  openSts,
  type ClientOptions,
  type Connections,
} from '../../../../functions/aws/clients.ts';
import { openS3 } from '../../../../functions/aws/s3-client.ts';

/** What a client of the SDK is made with here. */
interface SdkOptions {
  readonly region: string;
  readonly credentials: NonNullable<ClientOptions['credentials']>;
  readonly endpoint?: string;
  readonly disableHostPrefix?: boolean;
  readonly maxAttempts?: number;
  readonly requestHandler?: { handle: (request: { readonly hostname: string }) => Promise<never> };
}

/** The same call, by the functions' client and by the SDK. */
export interface SameCall {
  readonly action: string;
  readonly hostOf: (options: ClientOptions) => string;
  readonly ours: (options: ClientOptions) => Promise<unknown>;
  readonly sdk: (options: SdkOptions) => Promise<unknown>;
}

const row = <C extends Connections>(
  action: string,
  open: (options: ClientOptions) => C,
  call: (client: C) => Promise<unknown>,
  sdk: SameCall['sdk'],
): SameCall => ({
  ...{ action, sdk },
  hostOf: (options) => open(options).hostOf(action),
  ours: async (options) => {
    const client = open(options);
    try {
      return await call(client);
    } finally {
      client.destroy();
    }
  },
});

/** Opens a client of the SDK once for the same options: it takes far longer than a call. */
const openOnce = <C>(open: (options: SdkOptions) => C): ((options: SdkOptions) => C) => {
  const opened = new WeakMap<SdkOptions, C>();
  return (options) => {
    const client = opened.get(options) ?? open(options);
    opened.set(options, client);
    return client;
  };
};

const sdkCognito = openOnce((options) => new cognito.CognitoIdentityClient(options));
const sdkDynamoDb = openOnce((options) => new dynamoDb.DynamoDBClient(options));
const sdkDocuments = openOnce((options) => documents.DynamoDBDocumentClient.from(sdkDynamoDb(options)));
const sdkS3 = openOnce((options) => new s3.S3Client(options));
const sdkSqs = openOnce((options) => new sqs.SQSClient({ ...options, useQueueUrlAsEndpoint: false }));
const sdkStepFunctions = openOnce((options) => new sfn.SFNClient(options));
const sdkSts = openOnce((options) => new sts.STSClient(options));

const queue = { QueueUrl: 'http://elsewhere.example/1/q' };
const entry = {
  Id: '0',
  MessageBody: 'é "🙂" \u2028',
  MessageAttributes: { a: { DataType: 'Number', StringValue: '1' } },
};
const item = { accountId: 1, sessionId: 's ö', restored: false };
const values = { ':accountId': { N: '1' } };

const inputs = {
  getId: { IdentityPoolId: 'eu-west-1:pool' },
  getToken: { IdentityId: 'eu-west-1:id' },
  developer: { IdentityPoolId: 'eu-west-1:pool', Logins: { 'sqs-browser': 'q' } },
  deleteIdentities: { IdentityIdsToDelete: ['eu-west-1:id'] },
  listIdentities: { IdentityPoolId: 'eu-west-1:pool', MaxResults: 60, NextToken: undefined },
  object: { Bucket: 'bucket', Key: "a/shard-0:1 +%(é)'!*.json" },
  content: '{"a":"é"}',
  queue,
  queueName: { QueueName: 'q' },
  createQueue: { QueueName: 'q', Attributes: { Policy: '{"a":"ü"}', MessageRetentionPeriod: '60' } },
  send: { ...queue, Entries: [entry] },
  attributes: { ...queue, Attributes: { Policy: '{}' } },
  readAttributes: { ...queue, AttributeNames: ['CreatedTimestamp' as const, 'Policy' as const] },
  listQueues: { QueueNamePrefix: 'p', MaxResults: 1000, NextToken: undefined },
  execution: { stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:m', input: '{"a":"ö"}' },
  describe: { TableName: 't' },
  query: { TableName: 't', KeyConditionExpression: 'accountId = :accountId', ExpressionAttributeValues: values },
  assumeRole: {
    RoleArn: 'arn:aws:iam::1:role/browser',
    RoleSessionName: 'n',
    WebIdentityToken: 'a.b-c_d',
    Policy: '{"Resource":"arn:aws:sqs:*&+ ~é"}',
    DurationSeconds: 900,
  },
  get: { TableName: 't', Key: { accountId: 1, sessionId: 's ö' }, ConsistentRead: true },
  put: { TableName: 't', Item: item, ConditionExpression: 'attribute_not_exists(accountId)' },
  update: {
    ...{ TableName: 't', Key: { accountId: 1, sessionId: 's' }, ReturnValues: 'ALL_NEW' as const },
    ...{ UpdateExpression: 'SET #e = :e', ExpressionAttributeNames: { '#e': 'expires' } },
    ExpressionAttributeValues: { ':e': 1.5e9 },
  },
  remove: {
    TableName: 't',
    Key: { accountId: 0.5, sessionId: 'cleanup' },
    ConditionExpression: 'queueUrl = :q',
    ExpressionAttributeValues: { ':q': 'u' },
  },
  scan: { TableName: 't', ExclusiveStartKey: undefined, Segment: 1, TotalSegments: 16 },
};

const objectHost = { hostOf: (options: ClientOptions) => openS3(options).hostOf('GetObject', inputs.object.Bucket) };

/** A call of every action that functions call. */
export const calls: readonly SameCall[] = [
  {
    ...row(
      'GetObject',
      openS3,
      (client) => client.call('GetObject', inputs.object),
      (options) => sdkS3(options).send(new s3.GetObjectCommand(inputs.object)),
    ),
    ...objectHost,
  },
  {
    ...row(
      'PutObject',
      openS3,
      (client) => client.call('PutObject', { ...inputs.object, Body: inputs.content }),
      (options) =>
        sdkS3(options).send(
          new s3.PutObjectCommand({ ...inputs.object, Body: inputs.content, ContentType: 'application/json' }),
        ),
    ),
    ...objectHost,
  },
  row(
    'GetId',
    openCognito,
    (client) => client.call('GetId', inputs.getId),
    (options) => sdkCognito(options).send(new cognito.GetIdCommand(inputs.getId)),
  ),
  row(
    'GetOpenIdToken',
    openCognito,
    (client) => client.call('GetOpenIdToken', inputs.getToken),
    (options) => sdkCognito(options).send(new cognito.GetOpenIdTokenCommand(inputs.getToken)),
  ),
  row(
    'GetOpenIdTokenForDeveloperIdentity',
    openCognito,
    (client) => client.call('GetOpenIdTokenForDeveloperIdentity', inputs.developer),
    (options) => sdkCognito(options).send(new cognito.GetOpenIdTokenForDeveloperIdentityCommand(inputs.developer)),
  ),
  row(
    'DeleteIdentities',
    openCognito,
    (client) => client.call('DeleteIdentities', inputs.deleteIdentities),
    (options) => sdkCognito(options).send(new cognito.DeleteIdentitiesCommand(inputs.deleteIdentities)),
  ),
  row(
    'ListIdentities',
    openCognito,
    (client) => client.call('ListIdentities', inputs.listIdentities),
    (options) => sdkCognito(options).send(new cognito.ListIdentitiesCommand(inputs.listIdentities)),
  ),
  row(
    'CreateQueue',
    openSqs,
    (client) => client.call('CreateQueue', inputs.createQueue),
    (options) => sdkSqs(options).send(new sqs.CreateQueueCommand(inputs.createQueue)),
  ),
  row(
    'DeleteQueue',
    openSqs,
    (client) => client.call('DeleteQueue', inputs.queue),
    (options) => sdkSqs(options).send(new sqs.DeleteQueueCommand(inputs.queue)),
  ),
  row(
    'GetQueueUrl',
    openSqs,
    (client) => client.call('GetQueueUrl', inputs.queueName),
    (options) => sdkSqs(options).send(new sqs.GetQueueUrlCommand(inputs.queueName)),
  ),
  row(
    'GetQueueAttributes',
    openSqs,
    (client) => client.call('GetQueueAttributes', inputs.readAttributes),
    (options) => sdkSqs(options).send(new sqs.GetQueueAttributesCommand(inputs.readAttributes)),
  ),
  row(
    'ListQueues',
    openSqs,
    (client) => client.call('ListQueues', inputs.listQueues),
    (options) => sdkSqs(options).send(new sqs.ListQueuesCommand(inputs.listQueues)),
  ),
  row(
    'SendMessageBatch',
    openSqs,
    (client) => client.call('SendMessageBatch', inputs.send),
    (options) => sdkSqs(options).send(new sqs.SendMessageBatchCommand(inputs.send)),
  ),
  row(
    'SetQueueAttributes',
    openSqs,
    (client) => client.call('SetQueueAttributes', inputs.attributes),
    (options) => sdkSqs(options).send(new sqs.SetQueueAttributesCommand(inputs.attributes)),
  ),
  row(
    'StartExecution',
    openStepFunctions,
    (client) => client.call('StartExecution', inputs.execution),
    (options) => sdkStepFunctions(options).send(new sfn.StartExecutionCommand(inputs.execution)),
  ),
  row(
    'StartSyncExecution',
    openStepFunctions,
    (client) => client.call('StartSyncExecution', inputs.execution),
    (options) => sdkStepFunctions(options).send(new sfn.StartSyncExecutionCommand(inputs.execution)),
  ),
  row(
    'DescribeTable',
    openDynamoDb,
    (client) => client.call('DescribeTable', inputs.describe),
    (options) => sdkDynamoDb(options).send(new dynamoDb.DescribeTableCommand(inputs.describe)),
  ),
  row(
    'Query',
    openDynamoDb,
    (client) => client.call('Query', inputs.query),
    (options) => sdkDynamoDb(options).send(new dynamoDb.QueryCommand(inputs.query)),
  ),
  row(
    'GetItem',
    openDocuments,
    (client) => client.call('GetItem', inputs.get),
    (options) => sdkDocuments(options).send(new documents.GetCommand(inputs.get)),
  ),
  row(
    'PutItem',
    openDocuments,
    (client) => client.call('PutItem', inputs.put),
    (options) => sdkDocuments(options).send(new documents.PutCommand(inputs.put)),
  ),
  row(
    'UpdateItem',
    openDocuments,
    (client) => client.call('UpdateItem', inputs.update),
    (options) => sdkDocuments(options).send(new documents.UpdateCommand(inputs.update)),
  ),
  row(
    'Scan',
    openDocuments,
    (client) => client.call('Scan', inputs.scan),
    (options) => sdkDocuments(options).send(new documents.ScanCommand(inputs.scan)),
  ),
  row(
    'DeleteItem',
    openDocuments,
    (client) => client.call('DeleteItem', inputs.remove),
    (options) => sdkDocuments(options).send(new documents.DeleteCommand(inputs.remove)),
  ),
  row(
    'AssumeRoleWithWebIdentity',
    openSts,
    (client) => client.call('AssumeRoleWithWebIdentity', inputs.assumeRole),
    (options) => sdkSts(options).send(new sts.AssumeRoleWithWebIdentityCommand(inputs.assumeRole)),
  ),
];
