import { createHash } from 'node:crypto';
import { TemplateError } from './template-error.ts';

/** What a resource's name is made of. */
export interface Naming {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly baseUrl: string;
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What Ref and Fn::GetAtt give for a resource. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const digestOf = ({ stackName, logicalId }: Naming): Buffer =>
  createHash('sha256').update(`${stackName}\n${logicalId}`).digest();

const pickCharacters = (naming: Naming, letters: string, length: number): string =>
  [...digestOf(naming).subarray(0, length)].map((byte) => letters[byte % letters.length] ?? '').join('');

const lowerCase = 'abcdefghijklmnopqrstuvwxyz0123456789';
const upperCase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A name as CloudFormation makes one, `stack-LogicalId-1A2B3C4D5E6F`, but the same in every run.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 * Assumed: a long name is cut in the logical id.
 */
const generated = (naming: Naming, maxLength = 64): string => {
  const suffix = pickCharacters(naming, upperCase, 12);
  const room = maxLength - suffix.length - 2 - naming.stackName.length;
  return `${naming.stackName}-${naming.logicalId.slice(0, Math.max(room, 1))}-${suffix}`;
};

const named = (naming: Naming, property: string, maxLength?: number): string => {
  const name = naming.properties[property];
  return typeof name === 'string' ? name : generated(naming, maxLength);
};

const uuid = (naming: Naming): string => {
  const hex = digestOf(naming).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const arn = ({ region, accountId }: Naming, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

/**
 * Names by resource type: "Return values" on each type's page of
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const makers: Readonly<Record<string, (naming: Naming) => Physical>> = {
  'AWS::ApiGateway::Account': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::ApiGateway::Deployment': (naming) => {
    const id = pickCharacters(naming, lowerCase, 6);
    return { ref: id, attributes: { DeploymentId: id } };
  },
  'AWS::ApiGateway::GatewayResponse': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::ApiGateway::Method': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::ApiGateway::Resource': (naming) => {
    const id = pickCharacters(naming, lowerCase, 6);
    return { ref: id, attributes: { ResourceId: id } };
  },
  'AWS::ApiGateway::RestApi': (naming) => {
    const id = pickCharacters(naming, lowerCase, 10);
    return { ref: id, attributes: { RestApiId: id, RootResourceId: `${id.slice(0, 9)}r` } };
  },
  'AWS::ApiGateway::Stage': (naming) => ({ ref: named(naming, 'StageName'), attributes: {} }),
  'AWS::CDK::Metadata': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::CloudWatch::Alarm': (naming) => {
    const name = named(naming, 'AlarmName');
    return { ref: name, attributes: { Arn: arn(naming, 'cloudwatch', `alarm:${name}`) } };
  },
  'AWS::CloudWatch::Dashboard': (naming) => ({ ref: named(naming, 'DashboardName'), attributes: {} }),
  'AWS::Cognito::IdentityPool': (naming) => ({
    ref: `${naming.region}:${uuid(naming)}`,
    attributes: { Name: named(naming, 'IdentityPoolName') },
  }),
  'AWS::DynamoDB::Table': (naming) => {
    const name = named(naming, 'TableName');
    return { ref: name, attributes: { Arn: arn(naming, 'dynamodb', `table/${name}`) } };
  },
  'AWS::Events::Rule': (naming) => {
    const name = named(naming, 'Name');
    return { ref: name, attributes: { Arn: arn(naming, 'events', `rule/${name}`) } };
  },
  'AWS::IAM::ManagedPolicy': (naming) => ({
    ref: `arn:aws:iam::${naming.accountId}:policy/${named(naming, 'ManagedPolicyName')}`,
    attributes: {},
  }),
  'AWS::IAM::Policy': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::IAM::Role': (naming) => {
    const name = named(naming, 'RoleName');
    const attributes = {
      Arn: `arn:aws:iam::${naming.accountId}:role/${name}`,
      RoleId: `AROA${pickCharacters(naming, upperCase, 17)}`,
    };
    return { ref: name, attributes };
  },
  'AWS::Kinesis::Stream': (naming) => {
    const name = named(naming, 'Name');
    return { ref: name, attributes: { Arn: arn(naming, 'kinesis', `stream/${name}`) } };
  },
  'AWS::Lambda::EventSourceMapping': (naming) => {
    const id = uuid(naming);
    return { ref: id, attributes: { Id: id } };
  },
  'AWS::Lambda::Function': (naming) => {
    const name = named(naming, 'FunctionName');
    return { ref: name, attributes: { Arn: arn(naming, 'lambda', `function:${name}`) } };
  },
  'AWS::Lambda::Permission': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::Logs::LogGroup': (naming) => {
    const name = named(naming, 'LogGroupName');
    return { ref: name, attributes: { Arn: arn(naming, 'logs', `log-group:${name}:*`) } };
  },
  'AWS::Logs::ResourcePolicy': (naming) => ({ ref: named(naming, 'PolicyName'), attributes: {} }),
  'AWS::S3::Bucket': (naming) => {
    const name = named(naming, 'BucketName', 63).toLowerCase();
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
  'AWS::S3::BucketPolicy': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::SNS::Topic': (naming) => {
    const name = named(naming, 'TopicName');
    const topic = arn(naming, 'sns', name);
    return { ref: topic, attributes: { TopicArn: topic, TopicName: name } };
  },
  'AWS::SQS::Queue': (naming) => {
    const name = named(naming, 'QueueName');
    const url = `${naming.baseUrl}/${naming.accountId}/${name}`;
    return { ref: url, attributes: { Arn: arn(naming, 'sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::SQS::QueuePolicy': (naming) => ({ ref: generated(naming), attributes: {} }),
  'AWS::Scheduler::Schedule': (naming) => {
    const name = named(naming, 'Name');
    return { ref: name, attributes: { Arn: arn(naming, 'scheduler', `schedule/default/${name}`) } };
  },
  'AWS::SecretsManager::Secret': (naming) => {
    const name = `${named(naming, 'Name')}-${pickCharacters(naming, lowerCase, 6)}`;
    const secret = arn(naming, 'secretsmanager', `secret:${name}`);
    return { ref: secret, attributes: { Id: secret } };
  },
  'AWS::StepFunctions::StateMachine': (naming) => {
    const name = named(naming, 'StateMachineName');
    const machine = arn(naming, 'states', `stateMachine:${name}`);
    return { ref: machine, attributes: { Arn: machine, Name: name } };
  },
};

/** The resource types a template may have, sorted. */
export const supportedTypes: readonly string[] = Object.keys(makers).sort();

/** @throws TemplateError for a type that is not supported. */
export const physicalOf = (type: string, naming: Naming): Physical => {
  const make = makers[type];
  if (!make) throw new TemplateError(`${naming.logicalId}: resources of type ${type} are not supported`);
  return make(naming);
};
