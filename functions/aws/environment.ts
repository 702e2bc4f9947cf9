/**
 * The names of the environment variables the functions read. The stack sets them and the functions read them through
 * the same constants, so a misspelt name is a type error.
 */
export const environmentNames = {
  sessionTableName: 'SESSION_TABLE_NAME',
  messageBucketName: 'MESSAGE_BUCKET_NAME',
  idempotencyTableName: 'IDEMPOTENCY_TABLE_NAME',
  /** The table of the pool's pairs; `none` where there is no pool. */
  pairTableName: 'PAIR_TABLE_NAME',
  identityPoolId: 'IDENTITY_POOL_ID',
  /** "true" when the pool is this stack's own, so that every identity in it is ours to clean up. */
  identityPoolOwned: 'IDENTITY_POOL_OWNED',
  /** The developer provider that vouches for identities; `none` where they are guests. */
  developerProvider: 'DEVELOPER_PROVIDER',
  browserRoleArn: 'BROWSER_ROLE_ARN',
  /** The unique id of the browser role (AROA…), the first half of aws:userid. */
  browserRoleId: 'BROWSER_ROLE_ID',
  /** The condition key in queue policies that has the identity, `<token issuer>:sub`; `none` for policies without it. */
  subjectKey: 'SUBJECT_KEY',
  /** The secret that role session names are derived from, together with their seeds. */
  sessionNameSecret: 'SESSION_NAME_SECRET',
  queuePrefix: 'QUEUE_PREFIX',
  /** The prefix and the former ones, separated by commas. */
  queuePrefixes: 'QUEUE_PREFIXES',
  /** ARN of every queue this stack may own, without the queue's name: arn:aws:sqs:<region>:<account>:. */
  queueArnPrefix: 'QUEUE_ARN_PREFIX',
  keyHours: 'KEY_HOURS',
  messageRetention: 'MESSAGE_RETENTION',
  gracePeriod: 'GRACE_PERIOD',
  /** How many pairs of a queue and an identity are made in advance. */
  poolSize: 'POOL_SIZE',
  /** What the pool's pairs are made with, in one text: pairs made with something else are not given to sessions. */
  poolGeneration: 'POOL_GENERATION',
  rejectedQueueUrl: 'REJECTED_QUEUE_URL',
  undeliveredQueueUrl: 'UNDELIVERED_QUEUE_URL',
  dispatchMachineArn: 'DISPATCH_MACHINE_ARN',
} as const;

/** What the keys in the bucket of messages begin with; the rules by which objects expire go by it. */
export const messageFolders = { messages: 'messages/', deadLetters: 'dead-letters/' } as const;

/** The variable that every function has: what the hosts of AWS's services end with in the stack's partition. */
export const urlSuffixVariable = 'URL_SUFFIX';

/** What the policies of a stack's queues have in common. */
export const queuePolicyVariables = [
  'sessionTableName',
  'browserRoleArn',
  'browserRoleId',
  'sessionNameSecret',
  'subjectKey',
] as const;

export type EnvironmentKey = keyof typeof environmentNames;

/** The values of the named variables, as strings. */
export type Environment<K extends EnvironmentKey> = Readonly<Record<K, string>>;

/** The variables of the process, which functions/ and infra/ read here only. Those that Lambda, the SDK and the CDK define have no name above. */
export const variables = (): Readonly<Record<string, string | undefined>> => process.env;

/**
 * Reads the named variables.
 * @throws Error that names every variable that is missing or empty, not only the first.
 */
export const readEnvironment = <K extends EnvironmentKey>(keys: readonly K[], source = variables()): Environment<K> => {
  const missing = keys.map((key) => environmentNames[key]).filter((name) => !source[name]);
  if (missing.length > 0) {
    throw new Error(`Environment variables are missing: ${missing.join(', ')}`);
  }
  return Object.fromEntries(keys.map((key) => [key, source[environmentNames[key]] ?? ''])) as Environment<K>;
};

/** A service of AWS: its name in hosts, and in AWS_ENDPOINT_URL_<variable>. */
export interface ServiceNames {
  readonly name: string;
  /** https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html */
  readonly variable: string;
}

/**
 * Where a service is called: at an endpoint that was configured for it or for all, or else at the Region's.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * @throws Error when no Region is given and the environment has none
 */
export const locateService = (
  { name, variable }: ServiceNames,
  { region = variables()['AWS_REGION'], endpoint }: { readonly region?: string; readonly endpoint?: string },
) => {
  if (!region) throw new Error('The environment has no AWS_REGION');
  const configured = endpoint ?? variables()[`AWS_ENDPOINT_URL_${variable}`] ?? variables()['AWS_ENDPOINT_URL'];
  const suffix = variables()[urlSuffixVariable] ?? 'amazonaws.com';
  const url = new URL(configured ?? `https://${name}.${region}.${suffix}`);
  return { region, url, isConfigured: configured !== undefined };
};

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Lambda has the credentials of its role in the environment; they are read for each call, so that newer ones count. */
export const environmentCredentials = (): Credentials => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = variables();
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) throw new Error('The environment has no AWS credentials');
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};

/**
 * The header that continues a trace and lets AWS stop a function that calls itself without end; Lambda sets the variable for each
 * invocation. https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const traceHeader = (): Readonly<Record<string, string>> => {
  const { AWS_LAMBDA_FUNCTION_NAME, _X_AMZN_TRACE_ID } = variables();
  return AWS_LAMBDA_FUNCTION_NAME && _X_AMZN_TRACE_ID ? { 'x-amzn-trace-id': _X_AMZN_TRACE_ID } : {};
};
