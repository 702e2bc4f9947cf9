import { Duration } from 'aws-cdk-lib';
import * as kinds from './setting-kinds.ts';

export type ApiLogs = 'none' | 'access' | 'access-with-role';
export type IdentityMode = 'guests' | 'developer';
export type LoggedRuns = 'all' | 'sessions' | 'failures';
export type StreamModeName = 'ON_DEMAND' | 'PROVISIONED' | 'NONE';
export type Traces = 'sampled' | 'none';

/** What can be set in the CDK's context as well as with props. */
export interface Settings {
  /**
   * Begins the name of every session's queue. 1 to 40 letters, digits, hyphens and underscores; no other service of the account and
   * Region may have the same.
   * @default made of the stack's name and the construct's path; `brws-<stage>` in the stack of this project
   */
  readonly queuePrefix?: string | undefined;
  /**
   * Former values of queuePrefix, whose queues sessions may still have: they stay in use, and are swept.
   * @default none
   */
  readonly formerQueuePrefixes?: readonly string[] | undefined;
  /**
   * How long the keys of a session live: a whole number of hours from 1 to 12.
   * @default Duration.hours(4)
   */
  readonly keyLifetime?: Duration | undefined;
  /**
   * How long a session's queue keeps a message that nobody fetches: 60 seconds to 14 days.
   * @default Duration.hours(1)
   */
  readonly messageRetention?: Duration | undefined;
  /**
   * The time between two cleanups: whole minutes, at most a day.
   * @default Duration.minutes(15)
   */
  readonly cleanupEvery?: Duration | undefined;
  /**
   * How long after its keys expired a session is kept: 5 minutes to 6 days. That is less than the seven days after which the table's
   * own expiry removes a record, and more than a create takes.
   * @default Duration.hours(1)
   */
  readonly gracePeriod?: Duration | undefined;
  /**
   * How many pairs of a queue and a guest identity are made in advance, so that so many users can log in at once: 1 to 10,000; 0 for
   * none. They are made at up to 20 a second.
   * @default 0
   */
  readonly poolSize?: number | undefined;
  /**
   * The capacity mode of the event stream. NONE: there is no stream; messages are sent through the API alone.
   * @default 'PROVISIONED', whose one shard costs a third of an idle on-demand stream
   */
  readonly streamMode?: StreamModeName | undefined;
  /**
   * The shards of a provisioned stream: 1 to 500.
   * @default 1
   */
  readonly shardCount?: number | undefined;
  /**
   * Batches of one shard that are dispatched at once: 1 to 10. Above 1, order is kept for each partition key instead of each shard:
   * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
   * @default 1
   */
  readonly parallelizationFactor?: number | undefined;
  /**
   * Whether Kinesis pushes records to the router (some 70 ms) instead of Lambda polling the shard once a second.
   * @default false
   */
  readonly enhancedFanOut?: boolean | undefined;
  /**
   * Concurrent runs reserved for each function of the sessions' machines, and for Send Dead Letters, so that no broadcast takes
   * them: 1 to 1,000. Where the account's quota is 10, as for new accounts, AWS refuses any reservation.
   * @default none
   */
  readonly sessionConcurrency?: number | undefined;
  /**
   * Origins of web pages that may call the API by themselves, such as `https://app.example.com`.
   * @default none
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * An existing identity pool to use, with guests and the classic flow enabled. Its identities are never swept.
   * @default a pool is made
   */
  readonly identityPoolId?: string | undefined;
  /**
   * Former identity pools, whose identities sessions may still have. Only with guests.
   * @default none
   */
  readonly formerIdentityPoolIds?: readonly string[] | undefined;
  /**
   * Who may make identities: `guests`, anybody who knows the pool; or `developer`, only the functions here.
   * @default 'guests'
   */
  readonly identities?: IdentityMode | undefined;
  /**
   * Whether queue policies look at the identity (`sub`) as well as at the session name.
   * @default true
   */
  readonly queuePolicySubject?: boolean | undefined;
  /**
   * Address ranges the API may be called from, such as `203.0.113.0/24`. Calls are signed in any case.
   * @default any
   */
  readonly apiAllowedCidrs?: readonly string[] | undefined;
  /**
   * Principals of other AWS accounts that may call the API: account ids, or ARNs of roles and users. They also need permission in
   * their own account.
   * @default none
   */
  readonly apiCallers?: readonly string[] | undefined;
  /**
   * The API's access log: `none`, `access`, or `access-with-role`, which also sets the role that API Gateway writes logs with. That
   * role is a setting of the whole account and Region, so it is set only when asked for; without it `access` fails to deploy.
   * @default 'none'
   */
  readonly apiLogs?: ApiLogs | undefined;
  /**
   * Whether API Gateway counts each method by itself, for $0.30 a month and metric. The metrics of the whole API are free.
   * @default false
   */
  readonly apiMetrics?: boolean | undefined;
  /**
   * Which runs of machines are logged step by step, and so seen in the Step Functions console: `all`; `sessions`, those of the
   * session and cleanup machines; or `failures`, what failed. Failures are logged in any case.
   * @default 'sessions'
   */
  readonly logRuns?: LoggedRuns | undefined;
  /**
   * Whether every dispatched message is written to CloudWatch Logs.
   * @default false
   */
  readonly logDispatchData?: boolean | undefined;
  /**
   * Whether requests are traced in X-Ray: `sampled`, as the account's sampling rules say (one a second and 5 % of the others, unless
   * they were changed); or `none`.
   * @default 'sampled'
   */
  readonly traces?: Traces | undefined;
}

/** A setting: what right values are, and the value when none is given. */
export interface Setting<T> extends kinds.Kind<T> {
  /** Its name in the context, where that is another one. */
  readonly contextName?: string;
  readonly byDefault?: T;
}

type Given<Name extends keyof Settings> = NonNullable<Settings[Name]>;

export const settings: { readonly [Name in keyof Required<Settings>]: Setting<Given<Name>> } = {
  queuePrefix: kinds.queuePrefix,
  formerQueuePrefixes: { ...kinds.listOf(kinds.queuePrefix), byDefault: [] },
  keyLifetime: { ...kinds.wholeHours(1, 12), byDefault: Duration.hours(4), contextName: 'keyHours' },
  messageRetention: { ...kinds.wholeSeconds(60, 1_209_600), byDefault: Duration.hours(1) },
  cleanupEvery: { ...kinds.wholeSeconds(60, 86_400, 60), byDefault: Duration.minutes(15) },
  gracePeriod: { ...kinds.wholeSeconds(300, 518_400), byDefault: Duration.hours(1) },
  poolSize: { ...kinds.wholeNumber({ min: 0, max: 10_000, unit: 'pairs' }), byDefault: 0 },
  streamMode: { ...kinds.oneOf('ON_DEMAND', 'PROVISIONED', 'NONE'), byDefault: 'PROVISIONED' },
  shardCount: { ...kinds.wholeNumber({ min: 1, max: 500, unit: 'shards' }), byDefault: 1 },
  parallelizationFactor: { ...kinds.wholeNumber({ min: 1, max: 10, unit: 'batches' }), byDefault: 1 },
  enhancedFanOut: { ...kinds.trueOrFalse, byDefault: false },
  sessionConcurrency: kinds.wholeNumber({ min: 1, max: 1000, unit: 'concurrent runs' }),
  allowedOrigins: { ...kinds.listOf(kinds.origin), byDefault: [] },
  identityPoolId: kinds.identityPoolId,
  formerIdentityPoolIds: { ...kinds.listOf(kinds.identityPoolId), byDefault: [] },
  identities: { ...kinds.oneOf('guests', 'developer'), byDefault: 'guests' },
  queuePolicySubject: { ...kinds.trueOrFalse, byDefault: true },
  apiAllowedCidrs: { ...kinds.listOf(kinds.cidr), byDefault: [] },
  apiCallers: { ...kinds.listOf(kinds.principal), byDefault: [] },
  apiLogs: { ...kinds.oneOf('none', 'access', 'access-with-role'), byDefault: 'none' },
  apiMetrics: { ...kinds.trueOrFalse, byDefault: false },
  logRuns: { ...kinds.oneOf('all', 'sessions', 'failures'), byDefault: 'sessions' },
  logDispatchData: { ...kinds.trueOrFalse, byDefault: false },
  traces: { ...kinds.oneOf('sampled', 'none'), byDefault: 'sampled' },
};

type WithoutDefault = 'sessionConcurrency' | 'identityPoolId';

/** All settings with their values. */
export type Configuration = { readonly [Name in Exclude<keyof Settings, WithoutDefault>]-?: Given<Name> } & Pick<
  Settings,
  WithoutDefault
>;
