import { conflictIn } from './check-settings.ts';
import { ConfigurationError } from './configuration-error.ts';
import { isNear } from './near-names.ts';
import * as kinds from './setting-kinds.ts';
import { settings, type Setting, type Settings } from './settings.ts';

type Context = Readonly<Record<string, unknown>>;

/** The configuration of this project's stack, as the context has it. */
export interface StackConfiguration {
  /** Part of the stack's name, so that several can live in one account. */
  readonly stage: string;
  /** The SNS topic that is notified when an alarm goes off and when it ends. */
  readonly alarmTopicArn: string | undefined;
  /** The settings that were given; the construct has defaults for the others. */
  readonly settings: Settings;
}

export const stackName = (stage: string): string => `sqs-browser-${stage}`;

/** The name of the identity pool the stack makes: `sqs_browser`, with the stage unless it is the default one. */
export const poolName = (stage: string): string => (stage === 'dev' ? 'sqs_browser' : `sqs_browser_${stage}`);

/** The prefix of the names of a stage's session queues unless one is given. */
export const defaultQueuePrefix = (stage: string): string => `brws-${stage}`;

const contextNameOf = (name: string, { contextName }: Setting<unknown>): string => contextName ?? name;

/** The names of our context values. */
export const contextNames: readonly string[] = [
  'stage',
  ...Object.entries<Setting<unknown>>(settings).map(([name, setting]) => contextNameOf(name, setting)),
  'alarmTopicArn',
];

const asText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(asText).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const read = <T>(context: Context, name: string, { right, parse }: kinds.Kind<T>): T | undefined => {
  const given = context[name];
  if (given === undefined) return undefined;
  const value = parse(asText(given));
  if (value !== undefined) return value;
  throw new ConfigurationError(`The context value ${name}=${asText(given)} is not right: it must be ${right}.`);
};

/** The CDK's own keys carry a colon, a slash or an at sign, or belong to the command line tool. */
const isForeign = (name: string): boolean => /[:/@]|^(cli|cdk|aws)-/.test(name);

const refuseUnknown = (context: Context): void => {
  const unknown = Object.keys(context).find((name) => !contextNames.includes(name) && !isForeign(name));
  if (unknown === undefined) return;
  const meant = contextNames.find((name) => isNear(unknown, name));
  const advice = meant === undefined ? `the names are ${contextNames.join(', ')}.` : `did you mean ${meant}?`;
  throw new ConfigurationError(`There is no context value ${unknown}: ${advice}`);
};

/**
 * Reads and checks what was set with `-c name=value` or in cdk.json's context. Times are in seconds unless the name says otherwise.
 * @throws ConfigurationError with one sentence that names the value and what is right
 */
export const readConfiguration = (context: Context): StackConfiguration => {
  refuseUnknown(context);
  const stage = read(context, 'stage', kinds.stage) ?? 'dev';
  const given = Object.entries<Setting<unknown>>(settings).flatMap(([name, setting]) => {
    const value = read(context, contextNameOf(name, setting), setting);
    return value === undefined ? [] : [[name, value] as const];
  });
  const configuration = {
    stage,
    alarmTopicArn: read(context, 'alarmTopicArn', kinds.topicArn),
    settings: Object.fromEntries(given) as Settings,
  };
  const subject = { queuePrefix: defaultQueuePrefix(stage), ownQueues: stackName(stage) };
  const conflict = conflictIn(configuration.settings, subject);
  if (conflict !== undefined) throw new ConfigurationError(`The context value ${conflict}`);
  return configuration;
};
