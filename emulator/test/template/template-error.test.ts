import { expect, test } from '@jest/globals';
import { startEmulator } from '../../index.ts';

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};

const unknownKey = {
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
      Condition: { StringEquals: { 'aws:Unknown': 'x' } },
    },
  ],
};

const table = (properties: object): object => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...properties,
  },
});

const machine = (definition: string): object => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineType: 'EXPRESS',
    RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    DefinitionString: definition,
  },
});

const task =
  '{"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}}}';
const wrongState = '{"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn","Next":"Run","Foo":1}}}';

test.each<[string, object, string]>([
  ['a queue', { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } }, 'the queue attribute FifoQueue'],
  ['a stream', { Type: 'AWS::Kinesis::Stream', Properties: { Foo: 1 } }, 'the property Foo of a stream'],
  ['a table', table({ StreamSpecification: {} }), 'A table with StreamSpecification'],
  ['a table that DynamoDB refuses', table({ AttributeDefinitions: [] }), 'Invalid KeySchema'],
  ['an identity pool', { Type: 'AWS::Cognito::IdentityPool', Properties: { Foo: 1 } }, 'An identity pool with Foo'],
  [
    'a policy of a queue',
    { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Jobs' }], PolicyDocument: unknownKey } },
    'The condition key aws:Unknown',
  ],
  [
    'a policy of a bucket',
    { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: unknownKey } },
    'The condition key aws:Unknown',
  ],
  [
    'a schedule',
    {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'cron(0 0 * * ? *)', Targets: [{ Arn: 'arn:aws:states:::stateMachine:a' }] },
    },
    'The schedule cron(0 0 * * ? *)',
  ],
  ['a definition that is not JSON', machine('{'), 'The definition is not JSON'],
  ['a state', machine(wrongState), 'State "Run": Foo'],
  ['a task without a function', machine(task), 'State "Run": there is no function arn:aws:states:::lambda:invoke'],
])('what is not supported in %s is refused with the name of the resource', async (_, resource, message) => {
  const Resources = {
    Role: role,
    Jobs: { Type: 'AWS::SQS::Queue' },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Wrong: resource,
  };
  const error: unknown = await startEmulator({ template: { Resources } }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'TemplateError', message: expect.stringMatching(/^Wrong: /) });
  expect(error).toMatchObject({ message: expect.stringContaining(message) });
});

test('an account id that has not twelve digits is refused', async () => {
  const start = startEmulator({ template: { Resources: {} }, accountId: '12' });
  await expect(start).rejects.toThrow('accountId is "12", but must have twelve digits');
});
