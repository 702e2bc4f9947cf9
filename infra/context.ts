import { isIP } from 'node:net';
import { ConfigurationError } from './configuration-error.ts';

/** What may be set with `-c name=value` or in cdk.json's context. Times are in seconds. */
export interface Configuration {
  /** Part of the stack's name, so that several can live in one account. Default `dev`. */
  readonly stage: string;
  /** Begins the name of every session's queue. Default `brws-<stage>`. */
  readonly queuePrefix: string;
  /** How long a browser's keys live, in hours. Default 4. */
  readonly keyHours: number;
  /** How long a session's queue keeps a message that nobody fetches. Default an hour. */
  readonly messageRetention: number;
  /** Time between two cleanups. Default a quarter of an hour. */
  readonly cleanupEvery: number;
  /** How long after its keys expired a session is kept. Default an hour. */
  readonly gracePeriod: number;
  /** Default PROVISIONED: a shard costs a third of an idle on-demand stream. */
  readonly streamMode: StreamModeName;
  /** Only with PROVISIONED. Default 1. */
  readonly shardCount: number;
  /** Origins of web pages that may call the API by themselves. Default none. */
  readonly allowedOrigins: readonly string[];
  /** An existing identity pool to use. Default: the stack makes its own. */
  readonly identityPoolId: string | undefined;
  /** Address ranges the API may be called from. Default anywhere (calls are signed in any case). */
  readonly apiAllowedCidrs: readonly string[];
  /** The SNS topic that is told when an alarm goes off and when it is over. Default: nobody is told. */
  readonly alarmTopicArn: string | undefined;
  /** Writes every dispatched message to CloudWatch Logs. Default no. */
  readonly logDispatchData: boolean;
}

export type StreamModeName = 'ON_DEMAND' | 'PROVISIONED';

type Context = Readonly<Record<string, unknown>>;

interface Setting<T> {
  /** What a right value is, to complete "it must be …". */
  readonly right: string;
  /** The value from its text, or undefined when it is not right. */
  readonly parse: (text: string) => T | undefined;
}

export const stackName = (stage: string): string => `sqs-browser-${stage}`;

/** The name of the identity pool the stack makes: `sqs_browser`, with the stage unless it is the default one. */
export const poolName = (stage: string): string => (stage === 'dev' ? 'sqs_browser' : `sqs_browser_${stage}`);

const matching = (pattern: RegExp, right: string): Setting<string> => ({
  right,
  parse: (text) => (pattern.test(text) ? text : undefined),
});

const wholeNumber = (least: number, most: number, unit: string, step = 1): Setting<number> => ({
  right: `a whole number of ${unit} from ${least} to ${most}${step === 1 ? '' : `, a multiple of ${step}`}`,
  parse: (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most && value % step === 0 ? value : undefined;
  },
});

const oneOf = <T extends string>(...values: readonly T[]): Setting<T> => ({
  right: values.join(' or '),
  parse: (text) => values.find((value) => value === text),
});

const listOf = (isRight: (item: string) => boolean, right: string): Setting<readonly string[]> => ({
  right: `${right}, several of them separated by commas`,
  parse: (text) => {
    const items = text.split(',').map((item) => item.trim());
    return items.every(isRight) ? items : undefined;
  },
});

const isCidr = (text: string): boolean => {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
};

const isOrigin = (text: string): boolean =>
  /^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const settings = {
  stage: matching(
    /^[a-z][a-z0-9-]{0,18}[a-z0-9]$|^[a-z]$/,
    '1 to 20 lower-case letters, digits and hyphens, a letter first',
  ),
  queuePrefix: matching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, '1 to 40 letters, digits, hyphens and underscores'),
  keyHours: wholeNumber(1, 12, 'hours'),
  messageRetention: wholeNumber(60, 1_209_600, 'seconds'),
  cleanupEvery: wholeNumber(60, 86_400, 'seconds', 60),
  // Less than the seven days after which the table's own expiry removes a record; more than a create takes.
  gracePeriod: wholeNumber(300, 518_400, 'seconds'),
  streamMode: oneOf<StreamModeName>('ON_DEMAND', 'PROVISIONED'),
  shardCount: wholeNumber(1, 500, 'shards'),
  allowedOrigins: listOf(isOrigin, 'the origin of a page such as https://app.example.com'),
  identityPoolId: matching(
    /^[\w-]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'the id of an identity pool, <region>:<uuid>',
  ),
  apiAllowedCidrs: listOf(isCidr, 'an address range such as 203.0.113.0/24 or 2001:db8::/32'),
  // CloudWatch cannot notify FIFO topics, whose names end in .fifo.
  alarmTopicArn: matching(
    /^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
    'the ARN of a standard SNS topic, arn:aws:sns:<region>:<account>:<name>',
  ),
  logDispatchData: oneOf('true', 'false'),
};

/** The names of our context values. */
export const settingNames = Object.keys(settings) as readonly (keyof typeof settings)[];

const asText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(asText).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const read = <T, D>(context: Context, name: keyof typeof settings, setting: Setting<T>, byDefault: D): T | D => {
  const given = context[name];
  if (given === undefined) return byDefault;
  const value = setting.parse(asText(given));
  if (value !== undefined) return value;
  throw new ConfigurationError(`The context value ${name}=${asText(given)} is not right: it must be ${setting.right}.`);
};

/** Whether one is a slip of the finger away from the other: `keyhours`, `key_hours` and `keyHour` are near `keyHours`. */
const isNear = (a: string, b: string): boolean => {
  const [shorter, longer] = [a, b]
    .map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''))
    .sort((x, y) => x.length - y.length) as [string, string];
  if (longer.startsWith(shorter)) return longer.length - shorter.length <= 2;
  const apart = Array.from(longer).filter((letter, place) => letter !== shorter[place]);
  return apart.length <= 2;
};

/** The CDK's own keys carry a colon, a slash or an at sign, or belong to the command line tool. */
const isForeign = (name: string): boolean => /[:/@]|^(cli|cdk|aws)-/.test(name);

const refuseUnknown = (context: Context): void => {
  const known: readonly string[] = settingNames;
  const unknown = Object.keys(context).find((name) => !known.includes(name) && !isForeign(name));
  if (unknown === undefined) return;
  const meant = known.find((name) => isNear(unknown, name));
  const advice = meant === undefined ? `the names are ${known.join(', ')}` : `did you mean ${meant}?`;
  throw new ConfigurationError(`There is no context value ${unknown}: ${advice}${meant === undefined ? '.' : ''}`);
};

/** The session queues' grants end in a wildcard; the stack's own queues, which are named after the stack, must stay outside it. */
const keepApart = (queuePrefix: string, stage: string): void => {
  if (`${stackName(stage)}-`.startsWith(`${queuePrefix}-`)) {
    throw new ConfigurationError(
      `The context value queuePrefix=${queuePrefix} is not right: it must not begin the names of the stack's own queues, ${stackName(stage)}-….`,
    );
  }
};

/**
 * Checks the context and fills in the defaults.
 * @throws ConfigurationError with one sentence that names the value and what is right.
 */
export const readConfiguration = (context: Context): Configuration => {
  refuseUnknown(context);
  const stage = read(context, 'stage', settings.stage, 'dev');
  const queuePrefix = read(context, 'queuePrefix', settings.queuePrefix, `brws-${stage}`);
  keepApart(queuePrefix, stage);
  const streamMode = read(context, 'streamMode', settings.streamMode, 'PROVISIONED' as const);
  if (streamMode === 'ON_DEMAND' && context['shardCount'] !== undefined) {
    throw new ConfigurationError(
      'The context value shardCount needs streamMode=PROVISIONED: an on-demand stream scales by itself.',
    );
  }
  return {
    stage,
    queuePrefix,
    keyHours: read(context, 'keyHours', settings.keyHours, 4),
    messageRetention: read(context, 'messageRetention', settings.messageRetention, 3600),
    cleanupEvery: read(context, 'cleanupEvery', settings.cleanupEvery, 900),
    gracePeriod: read(context, 'gracePeriod', settings.gracePeriod, 3600),
    streamMode,
    shardCount: read(context, 'shardCount', settings.shardCount, 1),
    allowedOrigins: read(context, 'allowedOrigins', settings.allowedOrigins, []),
    identityPoolId: read(context, 'identityPoolId', settings.identityPoolId, undefined),
    apiAllowedCidrs: read(context, 'apiAllowedCidrs', settings.apiAllowedCidrs, []),
    alarmTopicArn: read(context, 'alarmTopicArn', settings.alarmTopicArn, undefined),
    logDispatchData: read(context, 'logDispatchData', settings.logDispatchData, 'false') === 'true',
  };
};
