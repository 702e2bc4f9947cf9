import { describe, expect, test } from '@jest/globals';
import { loadTemplate } from '../../template/load-template.ts';

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
    [{ 'Fn::ImportValue': 'x' }, 'Outputs.It: the intrinsic function Fn::ImportValue is not supported'],
    [{ Ref: 'Nothing' }, 'Outputs.It Ref: there is no Nothing'],
    [
      { 'Fn::GetAtt': ['Queue', 'Colour'] },
      'Outputs.It Fn::GetAtt: the attribute Colour of AWS::SQS::Queue is not supported',
    ],
    [{ 'Fn::If': ['Never', 1, 2] }, 'There is no condition Never'],
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
  expect(load()).toMatch(/stack-Queue-[A-Z2-7]{12}$/);
  expect(load()).toBe(load());
});

describe('what else CloudFormation resolves', () => {
  test('a parameter has the given value, else its default', () => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Resources: {},
      Outputs: { It: { Value: { Ref: 'Stage' } } },
    };
    expect(loadTemplate(template, options).outputs['It']).toBe('dev');
    expect(loadTemplate(template, { ...options, parameters: { Stage: 'prod' } }).outputs['It']).toBe('prod');
  });

  test('a parameter without a value is refused', () => {
    const template = { Parameters: { Stage: {} }, Resources: {}, Outputs: { It: { Value: { Ref: 'Stage' } } } };
    expect(() => loadTemplate(template, options)).toThrow('Outputs.It Ref: the parameter Stage has no value');
  });

  test('FindInMap looks a value up', () => {
    const Mappings = { Sizes: { 'us-east-1': { small: 128 } } };
    expect(output({ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, { Mappings })).toBe('128');
    expect(() => output({ 'Fn::FindInMap': ['Sizes', 'us-east-1', 'large'] }, { Mappings })).toThrow(
      'there is no Sizes.us-east-1.large in Mappings',
    );
  });

  test('resources may be named before they are defined', () => {
    const Resources = {
      Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }] } },
      Queue: queue,
    };
    const { resources } = loadTemplate({ Resources }, options);
    expect(resources.get('Policy')?.properties).toEqual({ Queues: ['http://127.0.0.1:4000/000000000000/jobs'] });
  });

  test('resources that name each other are refused', () => {
    const Resources = {
      A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['B', 'QueueName'] } } },
      B: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['A', 'QueueName'] } } },
    };
    expect(() => loadTemplate({ Resources }, options)).toThrow('A refers to itself');
  });

  test('a section that is not supported is refused', () => {
    expect(() => loadTemplate({ Resources: {}, Transform: 'AWS::Serverless-2016-10-31' }, options)).toThrow(
      "The template's section Transform is not supported",
    );
  });
});

describe('roles', () => {
  const allow = (action: string, rest: object = { Resource: '*' }) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, ...rest }],
  });
  const trust = allow('sts:AssumeRole', { Principal: { Service: 'lambda.amazonaws.com' } });
  const rolesOf = (properties: object, others: object = {}) =>
    loadTemplate(
      {
        Resources: {
          Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust, ...properties } },
          ...others,
        },
      },
      options,
    ).roles;

  test('a role has its own policies and those attached to it', () => {
    const Other = { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: allow('c:C'), Roles: ['somebody-else'] } };
    const Attached = {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: allow('b:B'), Roles: [{ Ref: 'Role' }] },
    };
    const roles = rolesOf({ Policies: [{ PolicyName: 'own', PolicyDocument: allow('a:A') }] }, { Attached, Other });
    expect(roles[0]?.policies).toEqual([allow('a:A'), allow('b:B')]);
  });

  test("a role has the managed policies of the template and of AWS's that it names", () => {
    const Managed = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('m:M') } };
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    const [role] = rolesOf({ ManagedPolicyArns: [{ Ref: 'Managed' }, basic] }, { Managed });
    expect(role?.policies).toEqual([
      allow('m:M'),
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: '*',
          },
        ],
      },
    ]);
  });

  test('a role has an id as IAM forms it, its session length and its tags', () => {
    const [role] = rolesOf({ MaxSessionDuration: 14400, Tags: [{ Key: 'team', Value: 'yellow' }] });
    expect(role?.id).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(role).toMatchObject({ maxSessionSeconds: 14400, tags: { team: 'yellow' } });
  });

  test.each<[properties: object, message: string]>([
    [{ PermissionsBoundary: 'arn:aws:iam::aws:policy/x' }, 'Role: PermissionsBoundary of a role is not supported'],
    [
      { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
      'the managed policy arn:aws:iam::aws:policy/AdministratorAccess is not known here',
    ],
    [
      { Policies: [{ PolicyDocument: allow('a:A', { Resource: '*', Colour: 'red' }) }] },
      'Role.Policies: The policy element Colour is not supported',
    ],
    [
      {
        Policies: [
          { PolicyDocument: allow('a:A', { Resource: '*', Condition: { StringEquals: { 'ec2:Region': 'x' } } }) },
        ],
      },
      'The condition key ec2:Region is not supported',
    ],
    [
      { AssumeRolePolicyDocument: allow('sts:AssumeRole') },
      'Role.AssumeRolePolicyDocument: A trust policy has no Resource',
    ],
  ])('%j is refused', (properties, message) => {
    expect(() => rolesOf(properties)).toThrow(message);
  });
});
