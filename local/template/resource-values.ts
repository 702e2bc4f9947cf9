import { createHash } from 'node:crypto';
import type { TemplateOptions } from './index.ts';

/** What Ref and Fn::GetAtt give for a resource. */
export interface ResourceValues {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Names extends TemplateOptions {
  readonly logicalId: string;
  /** The name the template gives the resource, or one made of the stack's name and the logical id. */
  readonly name: string;
}

type Values = (names: Names) => ResourceValues;

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Ids are made of names, so that they are the same at every start. */
const upperCaseId = (text: string, length: number): string =>
  [...hash(text)]
    .map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte % 32))
    .join('')
    .slice(0, length);

const uuid = (text: string): string =>
  hash(text)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const lowerCaseId = (text: string): string => hash(text).toString('hex').slice(0, 10);

const regionalArn =
  (service: string, prefix = '') =>
  ({ region, accountId, name }: Names): string =>
    `arn:aws:${service}:${region}:${accountId}:${prefix}${name}`;

/** A resource that goes by its name and has an ARN. */
const named =
  (arn: (names: Names) => string): Values =>
  (names) => ({ ref: names.name, attributes: { Arn: arn(names) } });

/** A resource whose Ref is an id, given again as the attribute. */
const identified =
  (attribute: string): Values =>
  ({ stackName, logicalId }) => {
    const ref = lowerCaseId(`${stackName}/${logicalId}`);
    return { ref, attributes: { [attribute]: ref } };
  };

const byName: Values = ({ name }) => ({ ref: name, attributes: {} });

const queue: Values = (names) => {
  const ref = `${names.baseUrl}/${names.accountId}/${names.name}`;
  return { ref, attributes: { Arn: regionalArn('sqs')(names), QueueName: names.name, QueueUrl: ref } };
};

const role: Values = ({ accountId, name }) => ({
  ref: name,
  attributes: { Arn: `arn:aws:iam::${accountId}:role/${name}`, RoleId: `AROA${upperCaseId(name, 17)}` },
});

const stateMachine: Values = (names) => {
  const ref = regionalArn('states', 'stateMachine:')(names);
  return { ref, attributes: { Arn: ref, Name: names.name } };
};

const bucket: Values = ({ name }) => ({
  ref: name.toLowerCase(),
  attributes: { Arn: `arn:aws:s3:::${name.toLowerCase()}` },
});

const identityPool: Values = ({ region, name, logicalId, stackName }) => ({
  ref: `${region}:${uuid(`${stackName}/${logicalId}`)}`,
  attributes: { Name: name },
});

const restApi: Values = ({ stackName, logicalId }) => {
  const ref = lowerCaseId(`${stackName}/${logicalId}`);
  return { ref, attributes: { RestApiId: ref, RootResourceId: lowerCaseId(`${ref}/root`) } };
};

const logGroup: Values = (names) => ({
  ref: names.name,
  attributes: { Arn: `${regionalArn('logs', 'log-group:')(names)}:*` },
});

/** The property that names a resource, and what the resource gives, by type. */
const types: Readonly<Record<string, readonly [nameProperty: string | undefined, values: Values]>> = {
  'AWS::ApiGateway::Account': [undefined, byName],
  'AWS::ApiGateway::Deployment': [undefined, identified('DeploymentId')],
  'AWS::ApiGateway::GatewayResponse': [undefined, byName],
  'AWS::ApiGateway::Method': [undefined, byName],
  'AWS::ApiGateway::Resource': [undefined, identified('ResourceId')],
  'AWS::ApiGateway::RestApi': [undefined, restApi],
  'AWS::ApiGateway::Stage': ['StageName', byName],
  'AWS::CDK::Metadata': [undefined, byName],
  'AWS::CloudWatch::Alarm': ['AlarmName', named(regionalArn('cloudwatch', 'alarm:'))],
  'AWS::CloudWatch::Dashboard': ['DashboardName', byName],
  'AWS::Cognito::IdentityPool': ['IdentityPoolName', identityPool],
  'AWS::DynamoDB::Table': ['TableName', named(regionalArn('dynamodb', 'table/'))],
  'AWS::Events::Rule': ['Name', named(regionalArn('events', 'rule/'))],
  'AWS::IAM::Policy': [undefined, byName],
  'AWS::IAM::Role': ['RoleName', role],
  'AWS::Kinesis::Stream': ['Name', named(regionalArn('kinesis', 'stream/'))],
  'AWS::Lambda::EventSourceMapping': [undefined, identified('Id')],
  'AWS::Lambda::Function': ['FunctionName', named(regionalArn('lambda', 'function:'))],
  'AWS::Logs::LogGroup': ['LogGroupName', logGroup],
  'AWS::Logs::ResourcePolicy': ['PolicyName', byName],
  'AWS::S3::Bucket': ['BucketName', bucket],
  'AWS::S3::BucketPolicy': [undefined, byName],
  'AWS::SNS::Topic': [
    'TopicName',
    (names) => ({ ref: regionalArn('sns')(names), attributes: { TopicName: names.name } }),
  ],
  'AWS::SQS::Queue': ['QueueName', queue],
  'AWS::SQS::QueuePolicy': [undefined, byName],
  'AWS::Scheduler::Schedule': ['Name', named(regionalArn('scheduler', 'schedule/default/'))],
  'AWS::StepFunctions::StateMachine': ['StateMachineName', stateMachine],
};

/** The property that names resources of a type; undefined when they have no name of their own. */
export const nameProperty = (type: string): string | undefined => types[type]?.[0];

/** Whether the runtime knows resources of this type. */
export const isKnownType = (type: string): boolean => type in types;

/** What a resource of a known type gives. */
export const resourceValues = (type: string, names: Names): ResourceValues => (types[type]?.[1] ?? byName)(names);
