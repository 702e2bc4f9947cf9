import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synth } from '../synth.ts';
import { objectOf } from '../template.ts';

const { template } = await synth();
const root = join(import.meta.dirname, '..', '..', '..');

const count = (types: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(types)].sort().map((type) => [type, types.filter((one) => one === type).length]));

describe('the stack', () => {
  test('has exactly these resources', () => {
    expect(count(template.resources.map(({ Type }) => Type))).toEqual({
      'AWS::ApiGateway::Deployment': 1,
      'AWS::ApiGateway::GatewayResponse': 16,
      'AWS::ApiGateway::Method': 25,
      'AWS::ApiGateway::Resource': 23,
      'AWS::ApiGateway::RestApi': 1,
      'AWS::ApiGateway::Stage': 1,
      'AWS::CloudWatch::Alarm': 11,
      'AWS::CloudWatch::Dashboard': 1,
      'AWS::Cognito::IdentityPool': 1,
      'AWS::DynamoDB::Table': 2,
      'AWS::IAM::Policy': 32,
      'AWS::IAM::Role': 32,
      'AWS::Kinesis::Stream': 1,
      'AWS::Lambda::EventSourceMapping': 1,
      'AWS::Lambda::Function': 22,
      'AWS::Logs::LogGroup': 29,
      'AWS::S3::Bucket': 2,
      'AWS::S3::BucketPolicy': 2,
      'AWS::SQS::Queue': 2,
      'AWS::SQS::QueuePolicy': 2,
      'AWS::Scheduler::Schedule': 1,
      'AWS::SecretsManager::Secret': 1,
      'AWS::StepFunctions::StateMachine': 7,
    });
  });

  test('has exactly these outputs', () => {
    expect(Object.fromEntries(Object.entries(template.outputs).map(([name, { Value }]) => [name, Value]))).toEqual({
      ServiceName: 'sqs-browser-dev',
      ApiUrl: 'https://<SessionApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/<SessionApiDeploymentStagedev>/',
      EventStreamName: '<EventsStream>',
      SessionTableName: '<SessionsTable>',
      MessageBucketName: '<MessagesBucket>',
      RejectedQueueUrl: '<DeadLettersRejected>',
      UndeliveredQueueUrl: '<DeadLettersUndelivered>',
      FailedBatchBucketName: '<EventsFailedBatches>',
      IdentityPoolId: '<IdentityPool>',
      BrowserRoleArn: '<IdentityBrowserRole.Arn>',
      CreateSessionMachineArn: '<SessionWorkflowsCreateSessionWorkflowMachine>',
      RenewSessionMachineArn: '<SessionWorkflowsRenewSessionWorkflowMachine>',
      SessionStatusMachineArn: '<SessionWorkflowsSessionStatusWorkflowMachine>',
      ListSessionsMachineArn: '<SessionWorkflowsListSessionsWorkflowMachine>',
      DestroySessionMachineArn: '<SessionWorkflowsDestroySessionWorkflowMachine>',
      CleanupMachineArn: '<CleanupWorkflowMachine>',
      DispatchMachineArn: '<DispatchWorkflowMachine>',
    });
  });

  test('keeps what would hurt to lose, and nothing else', () => {
    const kept = template.resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(kept.map(({ id }) => id).sort()).toEqual([
      'DeadLettersRejected',
      'DeadLettersRejectedPolicy',
      'DeadLettersUndelivered',
      'DeadLettersUndeliveredPolicy',
      'EventsFailedBatches',
      'EventsFailedBatchesPolicy',
      'MessagesBucket',
      'MessagesBucketPolicy',
      'SessionsTable',
    ]);
    for (const { UpdateReplacePolicy } of kept) expect(UpdateReplacePolicy).toBe('Retain');
  });

  test('gives what it keeps no names, so that nothing kept is in the way of another first deployment', () => {
    const names = template.resources.flatMap(({ DeletionPolicy, Properties }) =>
      DeletionPolicy === 'Retain'
        ? Object.keys(Properties).filter((name) => /^(Table|Queue|Bucket)Name$/.test(name))
        : [],
    );
    expect(names).toEqual([]);
  });

  test('is wired in a file that can be taken in at a glance', () => {
    const text = readFileSync(join(root, 'infra', 'sqs-browser-stack.ts'), 'utf8');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });
});

describe('the identity pool', () => {
  test('takes guests in the classic flow', () => {
    expect(template.get('IdentityPool').Properties).toEqual({
      IdentityPoolName: 'sqs_browser',
      AllowUnauthenticatedIdentities: true,
      AllowClassicFlow: true,
    });
  });

  test('has no roles, so that the enhanced flow gives nothing', () => {
    expect(template.ofType('AWS::Cognito::IdentityPoolRoleAttachment')).toEqual([]);
  });

  test('has a role whose keys live as long as configured', () => {
    expect(template.get('IdentityBrowserRole').Properties['MaxSessionDuration']).toBe(4 * 3600);
  });
});

describe('the sessions table', () => {
  const { Properties } = template.get('SessionsTable');
  const key = (hash: string, range: string): object[] => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];

  test('finds a session by account and id', () => {
    expect(Properties['KeySchema']).toEqual(key('accountId', 'sessionId'));
    expect(Properties['AttributeDefinitions']).toEqual(
      expect.arrayContaining([
        { AttributeName: 'accountId', AttributeType: 'N' },
        { AttributeName: 'sessionId', AttributeType: 'S' },
        { AttributeName: 'expires', AttributeType: 'N' },
      ]),
    );
  });

  test('has an index of routes without keys', () => {
    expect(Properties['LocalSecondaryIndexes']).toEqual([
      {
        IndexName: 'routes',
        KeySchema: key('accountId', 'route'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['userId', 'queueUrl', 'expires', 'createdAt'] },
      },
    ]);
  });

  test('has an index of shards without keys', () => {
    expect(Properties['GlobalSecondaryIndexes']).toEqual([
      {
        IndexName: 'byShard',
        KeySchema: key('shard', 'expires'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['queueUrl', 'identityId'] },
      },
    ]);
  });
});

describe.each(['SessionsTable', 'IdempotencyTable'])('%s', (id) => {
  test('is encrypted with a key of AWS and paid by use', () => {
    expect(template.get(id).Properties).toMatchObject({
      // False: by the key that AWS owns, whose use is not billed.
      SSESpecification: { SSEEnabled: false },
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  test('forgets by itself in the end', () => {
    expect(template.get(id).Properties['TimeToLiveSpecification']).toEqual({ AttributeName: 'ttl', Enabled: true });
  });
});

test('only the sessions can be recovered', () => {
  const recoverable = template
    .ofType('AWS::DynamoDB::Table')
    .filter(({ Properties }) => 'PointInTimeRecoverySpecification' in Properties);
  expect(recoverable.map(({ id }) => id)).toEqual(['SessionsTable']);
});

describe('the event stream', () => {
  const mapping = template.only('AWS::Lambda::EventSourceMapping').Properties;

  test('is encrypted and has the one shard that idles cheapest', () => {
    expect(template.get('EventsStream').Properties).toMatchObject({
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      ShardCount: 1,
    });
  });

  test('is read in order, in batches, with an end to retries', () => {
    expect(mapping).toEqual({
      EventSourceArn: '<EventsStream.Arn>',
      FunctionName: '<DispatchWorkflowRouterFunction>',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      DestinationConfig: { OnFailure: { Destination: '<EventsFailedBatches.Arn>' } },
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  });
});

const refusal = (actions: string, resources: unknown): object => ({
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: actions,
  Resource: resources,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

const statementsOf = (id: string): unknown => objectOf(template.get(id).Properties['PolicyDocument'])['Statement'];

describe.each([
  ['failed batches', 'EventsFailedBatches', [{ ExpirationInDays: 90 }]],
  [
    'messages',
    'MessagesBucket',
    [
      { ExpirationInDays: 1, Prefix: 'messages/' },
      { ExpirationInDays: 15, Prefix: 'dead-letters/' },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ],
  ],
])('the bucket of %s', (_, id, rules) => {
  test('is private, encrypted and forgets in the end', () => {
    expect(template.get(id).Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      LifecycleConfiguration: { Rules: rules.map((rule) => ({ ...rule, Status: 'Enabled' })) },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  test('refuses plain text', () => {
    const resources = [`<${id}.Arn>`, `<${id}.Arn>/*`];
    expect(statementsOf(`${id}Policy`)).toEqual([refusal('s3:*', resources)]);
  });
});

describe.each(['DeadLettersRejected', 'DeadLettersUndelivered'])('the queue %s', (id) => {
  test('is encrypted and keeps its messages for 14 days', () => {
    expect(template.get(id).Properties).toEqual({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
  });

  test('refuses plain text and allows nobody', () => {
    expect(statementsOf(`${id}Policy`)).toEqual([refusal('sqs:*', `<${id}.Arn>`)]);
  });

  test('is not among the queues the sessions have', () => {
    // CloudFormation names a queue without a name after its stack.
    expect(template.get(id).Properties).not.toHaveProperty('QueueName');
  });
});
