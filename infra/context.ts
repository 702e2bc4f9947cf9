import { isIP } from 'node:net';
import { ConfigurationError } from './configuration-error.ts';

export type ApiLogs = 'none' | 'access' | 'access-with-role';
export type IdentityMode = 'guests' | 'developer';
export type StreamModeName = 'ON_DEMAND' | 'PROVISIONED';

type Context = Readonly<Record<string, unknown>>;

/** What values of a kind are. */
interface Kind<T> {
  /** What a right value is, to complete "it must be …". */
  readonly right: string;
  /** The value from its text, or undefined when it is not right. */
  readonly parse: (text: string) => T | undefined;
}

interface Setting<T, D> extends Kind<T> {
  /** The value when none is given. */
  readonly byDefault: (stage: string) => D;
}

export const stackName = (stage: string): string => `sqs-browser-${stage}`;

/** The name of the identity pool the stack makes: `sqs_browser`, with the stage unless it is the default one. */
export const poolName = (stage: string): string => (stage === 'dev' ? 'sqs_browser' : `sqs_browser_${stage}`);

const matching = (pattern: RegExp, right: string): Kind<string> => ({
  right,
  parse: (text) => (pattern.test(text) ? text : undefined),
});

const wholeNumber = (least: number, most: number, unit: string, step = 1): Kind<number> => ({
  right: `a whole number of ${unit} from ${least} to ${most}${step === 1 ? '' : `, a multiple of ${step}`}`,
  parse: (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most && value % step === 0 ? value : undefined;
  },
});

const oneOf = <T extends string>(...values: readonly T[]): Kind<T> => ({
  right: values.join(' or '),
  parse: (text) => values.find((value) => value === text),
});

const trueOrFalse: Kind<boolean> = {
  right: 'true or false',
  parse: (text) => ({ true: true, false: false })[text],
};

const listOf = (isRight: (item: string) => boolean, right: string): Kind<readonly string[]> => ({
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

const isPrincipal = (text: string): boolean =>
  /^\d{12}$|^arn:aws(-[a-z]+)*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/.test(text);

const isOrigin = (text: string): boolean =>
  /^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const setting = <T, D = T>(kind: Kind<T>, byDefault: D): Setting<T, D> => ({ ...kind, byDefault: () => byDefault });

/** What may be set with `-c name=value` or in cdk.json's context. Times are in seconds unless the name says otherwise. */
const prefixPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const poolIdPattern = /^[\w-]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const settings = {
  /** Part of the stack's name, so that several can live in one account. */
  stage: setting(
    matching(
      /^[a-z][a-z0-9-]{0,18}[a-z0-9]$|^[a-z]$/,
      '1 to 20 lower-case letters, digits and hyphens, a letter first',
    ),
    'dev',
  ),
  /** Begins the name of every session's queue. Default `brws-<stage>`. */
  queuePrefix: {
    ...matching(prefixPattern, '1 to 40 letters, digits, hyphens and underscores'),
    byDefault: (stage: string) => `brws-${stage}`,
  },
  /** How long a browser's keys live, in hours. */
  keyHours: setting(wholeNumber(1, 12, 'hours'), 4),
  /** How long a session's queue keeps a message that nobody fetches. */
  messageRetention: setting(wholeNumber(60, 1_209_600, 'seconds'), 3600),
  /** Time between two cleanups. */
  cleanupEvery: setting(wholeNumber(60, 86_400, 'seconds', 60), 900),
  /**
   * How long after its keys expired a session is kept. Less than the seven days after which the table's own expiry removes a
   * record; more than a create takes.
   */
  gracePeriod: setting(wholeNumber(300, 518_400, 'seconds'), 3600),
  /** By default a shard, which costs a third of an idle on-demand stream. */
  streamMode: setting<StreamModeName>(oneOf('ON_DEMAND', 'PROVISIONED'), 'PROVISIONED'),
  /** Only with PROVISIONED. */
  shardCount: setting(wholeNumber(1, 500, 'shards'), 1),
  /**
   * Batches of one shard that are dispatched at once. Above 1, order is kept for each partition key instead of each shard:
   * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
   */
  parallelizationFactor: setting(wholeNumber(1, 10, 'batches'), 1),
  /** Whether Kinesis pushes records to the router (some 70 ms) instead of Lambda polling the shard once a second. */
  enhancedFanOut: setting(trueOrFalse, false),
  /**
   * Concurrent runs reserved for each function of the sessions' machines, and for Send Dead Letters, so that no broadcast takes
   * them. Not by default: where the account's quota is 10, as for new accounts, AWS refuses any reservation.
   */
  sessionConcurrency: setting(wholeNumber(1, 1000, 'concurrent runs'), undefined),
  /** Origins of web pages that may call the API by themselves. */
  allowedOrigins: setting<readonly string[]>(
    listOf(isOrigin, 'the origin of a page such as https://app.example.com'),
    [],
  ),
  /** An existing identity pool to use. By default the stack makes its own. */
  identityPoolId: setting(matching(poolIdPattern, 'the id of an identity pool, <region>:<uuid>'), undefined),
  /** Former identity pools, whose identities sessions may still have. Only with guests. */
  formerIdentityPoolIds: setting<readonly string[]>(
    listOf((item) => poolIdPattern.test(item), 'the id of an identity pool, <region>:<uuid>'),
    [],
  ),
  /** Former values of queuePrefix, whose queues sessions may still have: they stay in use, and are swept. */
  formerQueuePrefixes: setting<readonly string[]>(
    listOf((item) => prefixPattern.test(item), '1 to 40 letters, digits, hyphens and underscores'),
    [],
  ),
  /** Who may make identities: anybody, or only the stack's functions. */
  identities: setting<IdentityMode>(oneOf('guests', 'developer'), 'guests'),
  /** Whether queue policies look at the identity (`sub`) as well as at the session name. */
  queuePolicySubject: setting(trueOrFalse, true),
  /** Address ranges the API may be called from. By default any, since calls are signed. */
  apiAllowedCidrs: setting<readonly string[]>(
    listOf(isCidr, 'an address range such as 203.0.113.0/24 or 2001:db8::/32'),
    [],
  ),
  /**
   * Principals of other AWS accounts that may call the API: account ids, or ARNs of roles and users. They also need permission in
   * their own account.
   */
  apiCallers: setting<readonly string[]>(
    listOf(isPrincipal, 'an AWS account id or the ARN of a role or user, arn:aws:iam::<account>:role/<name>'),
    [],
  ),
  /**
   * The API's access log: `none`, `access`, or `access-with-role`, which also sets the role that API Gateway writes logs with. That role
   * is a setting of the whole account and Region, so it is set only when asked for; without it `access` fails to deploy.
   */
  apiLogs: setting<ApiLogs>(oneOf('none', 'access', 'access-with-role'), 'none'),
  /** The SNS topic that is told when an alarm goes off and when it is over. CloudWatch cannot notify FIFO topics (name.fifo). */
  alarmTopicArn: setting(
    matching(
      /^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
      'the ARN of a standard SNS topic, arn:aws:sns:<region>:<account>:<name>',
    ),
    undefined,
  ),
  /** Writes every dispatched message to CloudWatch Logs. */
  logDispatchData: setting(trueOrFalse, false),
};

type ValueOf<S> = S extends Setting<infer T, infer D> ? T | D : never;

/** All settings with their values. */
export type Configuration = { readonly [Name in keyof typeof settings]: ValueOf<(typeof settings)[Name]> };

/** The names of our context values. */
export const settingNames: readonly string[] = Object.keys(settings);

const asText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(asText).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const read = (
  name: string,
  given: unknown,
  { right, parse, byDefault }: Setting<unknown, unknown>,
  stage: string,
): unknown => {
  if (given === undefined) return byDefault(stage);
  const value = parse(asText(given));
  if (value !== undefined) return value;
  throw new ConfigurationError(`The context value ${name}=${asText(given)} is not right: it must be ${right}.`);
};

/** Whether one is a slip of the finger away from the other: `keyhours`, `key_hours` and `keyHour` are near `keyHours`. */
const isNear = (a: string, b: string): boolean => {
  const [shorter = '', longer = ''] = [a, b]
    .map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''))
    .sort((x, y) => x.length - y.length);
  if (longer.startsWith(shorter)) return longer.length - shorter.length <= 2;
  const apart = Array.from(longer).filter((letter, place) => letter !== shorter[place]);
  return apart.length <= 2;
};

/** The CDK's own keys carry a colon, a slash or an at sign, or belong to the command line tool. */
const isForeign = (name: string): boolean => /[:/@]|^(cli|cdk|aws)-/.test(name);

const refuseUnknown = (context: Context): void => {
  const known = settingNames;
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
  const stage = String(read('stage', context['stage'], settings.stage, ''));
  const configuration = Object.fromEntries(
    Object.entries<Setting<unknown, unknown>>(settings).map(([name, one]) => [
      name,
      read(name, context[name], one, stage),
    ]),
  ) as Configuration;
  keepApart(configuration.queuePrefix, stage);
  if (configuration.identities === 'developer' && configuration.formerIdentityPoolIds.length > 0) {
    throw new ConfigurationError(
      'The context value formerIdentityPoolIds needs identities=guests: a developer identity is renewed in its own pool only, so its sessions have to be created again.',
    );
  }
  if (configuration.streamMode === 'ON_DEMAND' && context['shardCount'] !== undefined) {
    throw new ConfigurationError(
      'The context value shardCount needs streamMode=PROVISIONED: an on-demand stream scales by itself.',
    );
  }
  return configuration;
};
