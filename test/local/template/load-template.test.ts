import { describe, expect, test } from '@jest/globals';
import { loadTemplate } from '../../../local/template/load-template.ts';

const options = {
  accountId: '000000000000',
  region: 'us-east-1',
  stackName: 'stack',
  baseUrl: 'http://127.0.0.1:4000',
};
const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'things' } };
const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };

const output = (value: unknown, rest: object = {}): string | undefined =>
  loadTemplate({ Resources: { Queue: queue, Bucket: bucket }, Outputs: { It: { Value: value } }, ...rest }, options)
    .outputs['It'];

describe('an intrinsic function gives its value', () => {
  test.each<[name: string, value: unknown, result: string]>([
    ['Ref of a queue is its URL', { Ref: 'Queue' }, 'http://127.0.0.1:4000/000000000000/jobs'],
    ['Ref of a bucket is its name', { Ref: 'Bucket' }, 'things'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    ['GetAtt as a text', { 'Fn::GetAtt': 'Queue.QueueName' }, 'jobs'],
    ['Join of resolved parts', { 'Fn::Join': ['-', ['a', { Ref: 'Bucket' }]] }, 'a-things'],
    ['Sub with a pseudo parameter', { 'Fn::Sub': 'x-${AWS::AccountId}' }, 'x-000000000000'],
    ['Sub with an attribute', { 'Fn::Sub': '${Queue.QueueName}!' }, 'jobs!'],
    ['Sub with values of its own', { 'Fn::Sub': ['${a}${b}', { a: 1, b: { Ref: 'Bucket' } }] }, '1things'],
    ['Sub with an escaped placeholder', { 'Fn::Sub': '${!Literal}' }, '${Literal}'],
    ['Select of a Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  ])('%s', (_name, value, result) => {
    expect(output(value)).toBe(result);
  });

  test.each([
    ['us-east-1', 'here'],
    ['eu-west-1', 'elsewhere'],
  ])('If follows a condition that compares the Region with %s', (region, result) => {
    const Conditions = {
      Here: {
        'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, region] }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'a'] }] }],
      },
    };
    expect(output({ 'Fn::If': ['Here', 'here', 'elsewhere'] }, { Conditions })).toBe(result);
  });
});

describe('what is not supported is refused by name', () => {
  test.each<[value: unknown, message: string]>([
    [{ 'Fn::ImportValue': 'x' }, 'the output It: Fn::ImportValue is not supported'],
    [{ Ref: 'Nothing' }, 'the output It: there is no resource Nothing'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'the output It: the attribute Colour of Queue is not supported'],
    [{ 'Fn::If': ['Never', 1, 2] }, 'the output It: there is no condition Never'],
  ])('%j', (value, message) => {
    expect(() => output(value)).toThrow(message);
  });

  test('a resource of an unknown type', () => {
    expect(() => loadTemplate({ Resources: { Vpc: { Type: 'AWS::EC2::VPC' } } }, options)).toThrow(
      'Vpc: resources of type AWS::EC2::VPC are not supported',
    );
  });
});

test('a resource whose condition does not hold is left out', () => {
  const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
  const template = loadTemplate({ Resources: { Queue: { ...queue, Condition: 'Never' } }, Conditions }, options);
  expect(template.ofType('AWS::SQS::Queue')).toEqual([]);
});

test('AWS::NoValue leaves a property out', () => {
  const { resources } = loadTemplate(
    { Resources: { Queue: { ...queue, Properties: { DelaySeconds: { Ref: 'AWS::NoValue' } } } } },
    options,
  );
  expect(resources.get('Queue')?.properties).toEqual({});
});

test('a generated name is the same at every load', () => {
  const load = () =>
    loadTemplate({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } }, options).resources.get('Queue')?.ref;
  expect(load()).toMatch(/stack-Queue-[0-9a-f]{12}$/);
  expect(load()).toBe(load());
});

describe('roles', () => {
  const document = (action: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
  });
  const { roles } = loadTemplate(
    {
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: document('sts:AssumeRole'),
            Policies: [{ PolicyDocument: document('a:A') }],
          },
        },
        Attached: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyDocument: document('b:B'), Roles: [{ Ref: 'Role' }] },
        },
        Other: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: document('c:C'), Roles: ['somebody-else'] } },
      },
    },
    options,
  );

  test('a role has its own policies and those attached to it', () => {
    expect(roles[0]?.policies).toEqual([document('a:A'), document('b:B')]);
  });

  test('a role has an id as IAM forms it', () => {
    expect(roles[0]?.id).toMatch(/^AROA[A-Z2-7]{17}$/);
  });
});
