import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { configurationOf, show } from './check-settings.ts';
import { subjectOf } from './common.ts';
import { ConfigurationError } from './configuration-error.ts';
import { folders } from './files.ts';
import { isNear } from './near-names.ts';
import { matching, trueOrFalse, type Kind } from './setting-kinds.ts';
import { settings, type Configuration, type Setting, type Settings } from './settings.ts';
import type { SqsBrowserProps } from './sqs-browser-props.ts';
import { taskNames } from './tasks.ts';

type PropKind = Pick<Kind<unknown>, 'right' | 'isRight'>;

/** An object of the CDK, known by a member: an app may have several copies of the CDK, so not by its class. */
const having = (member: string, right: string, more: (value: object) => boolean = () => true): PropKind => ({
  right,
  isRight: (value) => typeof value === 'object' && value !== null && member in value && more(value),
});

const anyOf = (values: readonly unknown[], right: string): PropKind => ({
  right,
  isRight: (value) => values.includes(value),
});

const removalPolicy = anyOf(Object.values(RemovalPolicy), 'a RemovalPolicy such as RemovalPolicy.DESTROY');

/** CloudWatch cannot notify FIFO topics. */
const isStandard = (topic: object): boolean => !('fifo' in topic && topic.fifo === true);

const vpcEndpoint = having('vpcEndpointId', 'an IVpcEndpoint');

/** What the props that are not settings must be. */
const ownProps: { readonly [Name in Exclude<keyof SqsBrowserProps, keyof Settings>]-?: PropKind } = {
  // `<name>-sweep-identities` is the longest name that is made with it, and Lambda's names end at 64 characters.
  name: matching(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, '1 to 40 letters, digits and hyphens, a letter first'),
  // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html
  apiStage: matching(/^[A-Za-z0-9_-]{1,128}$/, '1 to 128 letters, digits, hyphens and underscores'),
  // https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CreateIdentityPool.html
  identityPoolName: matching(/^[\w\s+=,.@-]{1,128}$/, '1 to 128 letters, digits, spaces and + = , . @ - _'),
  eventStream: having('streamArn', 'an IStream of aws-cdk-lib/aws-kinesis'),
  encryptionKey: having('keyArn', 'an IKey of aws-cdk-lib/aws-kms'),
  vpcEndpoints: {
    right: 'a list of at least one IVpcEndpoint: without any, leave it out, and the API is public',
    isRight: (value) => Array.isArray(value) && value.length > 0 && value.every(vpcEndpoint.isRight),
  },
  apiPolicy: having('addStatements', 'a PolicyDocument of aws-cdk-lib/aws-iam'),
  alarmTopic: having('topicArn', 'a standard topic, an ITopic of aws-cdk-lib/aws-sns', isStandard),
  hasAlarms: trueOrFalse,
  hasDashboard: trueOrFalse,
  hasOutputs: trueOrFalse,
  removalPolicy,
  logRemovalPolicy: removalPolicy,
  logRetention: anyOf(Object.values(RetentionDays), 'one of RetentionDays, such as RetentionDays.ONE_MONTH'),
  functions: { right: 'the path of a folder', isRight: (value) => typeof value === 'string' },
};

/** The props by the names that the context of this project's own stack has for them. */
const contextNames = new Map<string, string>([
  ['alarmTopicArn', 'alarmTopic'],
  ...Object.entries<Setting<unknown>>(settings).flatMap(([name, { contextName }]) =>
    contextName === undefined ? [] : [[contextName, name] as const],
  ),
]);

const names = [...Object.keys(settings), ...Object.keys(ownProps)];

/** A prop of another name would change nothing, and nobody would notice. */
const checkNames = (path: string, props: object): void => {
  const given = Object.entries(props).filter(([, value]) => value !== undefined);
  const unknown = given.map(([name]) => name).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const meant = contextNames.get(unknown) ?? names.find((name) => isNear(unknown, name));
  const advice = meant === undefined ? `the props are ${names.join(', ')}.` : `did you mean ${meant}?`;
  throw new ConfigurationError(`There is no prop ${unknown} of ${path}: ${advice}`);
};

/** Why props do not go together. Undefined when they do. */
const conflictIn = (props: SqsBrowserProps): string | undefined => {
  if (props.eventStream && (props.streamMode ?? props.shardCount) !== undefined) {
    return 'eventStream does not go with streamMode or shardCount: they are for a stream that is made here.';
  }
  if (props.apiPolicy && (props.apiAllowedCidrs ?? props.apiCallers) !== undefined) {
    return 'apiPolicy does not go with apiAllowedCidrs or apiCallers: say it in the policy.';
  }
  return undefined;
};

/**
 * Checks the props of an SqsBrowser and fills in the defaults of its settings.
 * @throws ConfigurationError with one sentence that names the prop and what is right
 */
export const checkProps = (scope: Construct, props: SqsBrowserProps): Configuration => {
  const { path } = scope.node;
  checkNames(path, props);
  const values = new Map<string, unknown>(Object.entries(props));
  for (const [name, { right, isRight }] of Object.entries<PropKind>(ownProps)) {
    const value = values.get(name);
    if (value === undefined || Token.isUnresolved(value) || isRight(value)) continue;
    throw new ConfigurationError(`The prop ${name} of ${path} is ${show(value)}, but must be ${right}.`);
  }
  const { functions = folders.functions } = props;
  const missing = taskNames.find((task) => !existsSync(join(functions, task, 'handler.mjs')));
  if (missing !== undefined) {
    throw new ConfigurationError(
      `The prop functions of ${path} is ${show(functions)}, but must be a folder with the bundles: ${missing}/handler.mjs is not there.`,
    );
  }
  const conflict = conflictIn(props);
  if (conflict !== undefined) throw new ConfigurationError(`The props of ${path} do not go together: ${conflict}`);
  return configurationOf(props, path, subjectOf(scope));
};
