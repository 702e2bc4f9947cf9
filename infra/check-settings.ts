import { Duration, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ConfigurationError } from './configuration-error.ts';
import { settings, type Configuration, type Setting, type Settings } from './settings.ts';

/** The names of the construct that the settings are for. */
interface Subject {
  /** The prefix of the sessions' queues when none is given. */
  readonly queuePrefix: string;
  /** What the names of the stack's own queues begin with. */
  readonly ownQueues: string;
}

/** Why settings do not go together, as a sentence that begins with the name of one. Undefined when they do. */
export const conflictIn = (given: Settings, subject: Subject): string | undefined => {
  const { streamMode, queuePrefix = subject.queuePrefix, formerIdentityPoolIds = [] } = given;
  if (`${subject.ownQueues}-`.startsWith(`${queuePrefix}-`)) {
    return `queuePrefix=${queuePrefix} is not right: it must not begin the names of the stack's own queues, ${subject.ownQueues}-….`;
  }
  if (given.identities === 'developer' && formerIdentityPoolIds.length > 0) {
    return 'formerIdentityPoolIds needs identities=guests: a developer identity is renewed in its own pool only, so its sessions have to be created again.';
  }
  if (streamMode === 'ON_DEMAND' && given.shardCount !== undefined) {
    return 'shardCount needs streamMode=PROVISIONED: an on-demand stream scales by itself.';
  }
  if (streamMode !== 'NONE') return undefined;
  const ofStreams = ['shardCount', 'parallelizationFactor', 'enhancedFanOut'] as const;
  const idle = ofStreams.find((name) => given[name] !== undefined);
  return idle === undefined ? undefined : `${idle} needs a stream, but streamMode=NONE makes none.`;
};

/** A value as an error shows it. */
export const show = (value: unknown): string => {
  if (value instanceof Duration) return value.toHumanString();
  return Construct.isConstruct(value) ? value.node.path : JSON.stringify(value);
};

/** What is made depends on these, so they must be known when the stack is synthesized. */
const decisive: readonly string[] = ['poolSize', 'streamMode', 'identities', 'apiLogs', 'logRuns', 'traces'];

/** Values that are known only when the stack is deployed cannot be checked. */
const isUnknown = (value: unknown): boolean =>
  Array.isArray(value) ? value.some((item) => Token.isUnresolved(item)) : Token.isUnresolved(value);

/**
 * Checks the props of a construct and fills in the defaults.
 * @param path the construct's, for errors
 * @throws ConfigurationError with one sentence that names the prop and what is right
 */
export const configurationOf = (given: Settings, path: string, subject: Subject): Configuration => {
  const values = new Map<string, unknown>(
    Object.entries({ ...given, queuePrefix: given.queuePrefix ?? subject.queuePrefix }),
  );
  for (const [name, { right, rightProp = right, isRight, byDefault }] of Object.entries<Setting<unknown>>(settings)) {
    const value = values.get(name) ?? byDefault;
    values.set(name, value);
    if (value === undefined || (isUnknown(value) && !decisive.includes(name)) || isRight(value)) continue;
    const expected = value instanceof Duration ? right : rightProp;
    throw new ConfigurationError(`The prop ${name} of ${path} is ${show(value)}, but must be ${expected}.`);
  }
  const conflict = conflictIn(given, subject);
  if (conflict !== undefined) throw new ConfigurationError(`The props of ${path} do not go together: ${conflict}`);
  return Object.fromEntries(values) as Configuration;
};
