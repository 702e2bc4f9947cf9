import type { Random } from './random.ts';
import { normal } from './random.ts';

/** Looked up once: in the contexts of Jest every use of a global name is slow. */
const { exp, log, max } = Math;

/** How long something takes on AWS, in milliseconds, and where that is from. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  /** A page that has the figures, or that they were taken from by subtraction; `assumed` where we found none. */
  readonly source: string;
}

/** Measured from a Lambda function to the next, eu-west-1, September 2022. */
const messaging = 'https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/';
const dynamoDb =
  'https://repost.aws/knowledge-center/dynamodb-high-latency (single-digit milliseconds on average; p99 assumed)';
const s3 =
  'https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html (100 to 200 ms for small objects; p50 of a single one assumed)';
const assumed = 'assumed';

const read: Latency = { p50: 4, p99: 20, source: dynamoDb };
const write: Latency = { p50: 7, p99: 30, source: dynamoDb };
const queueChange: Latency = { p50: 50, p99: 250, source: assumed };
const identity: Latency = { p50: 70, p99: 250, source: assumed };

/** What AWS's own services do around the calls. */
export const steps = {
  'API Gateway, a request': {
    ...{ p50: 14, p99: 45 },
    source: 'https://www.smplogs.com/patterns/apigateway/high-latency (10 to 30 ms for REST APIs)',
  },
  'Step Functions, start of an execution': {
    ...{ p50: 44, p99: 150 },
    source: `${messaging} (77.3 and 241 ms from StartSyncExecution to the function, less the first task and its invocation)`,
  },
  'Step Functions, end of an execution': { p50: 8, p99: 35, source: assumed },
  'Step Functions, begin of a task': {
    p50: 12,
    p99: 45,
    source: `${messaging} (part of the 77.3 ms; the split is assumed)`,
  },
  'Step Functions, end of a task': { p50: 3, p99: 12, source: assumed },
  'Step Functions, a Choice, Pass or Succeed': { p50: 3, p99: 15, source: assumed },
  'Step Functions, begin of a Parallel or Map': { p50: 8, p99: 35, source: assumed },
  'Step Functions, begin of an iteration': { p50: 5, p99: 20, source: assumed },
  'Step Functions, end of a Parallel or Map': { p50: 4, p99: 20, source: assumed },
  'Lambda, an invocation': { p50: 6, p99: 40, source: `${messaging} (part of 16.2 and 105 ms from SQS to a function)` },
  'Lambda, the answer': { p50: 3, p99: 12, source: assumed },
  'Lambda, a new environment without code': { p50: 220, p99: 430, source: `${assumed}; with the code see below` },
  'TLS, a new connection': { p50: 12, p99: 40, source: `${assumed}: three round trips in the Region` },
  'SQS, from a send to the waiting long poll': {
    ...{ p50: 5, p99: 40 },
    source: `${messaging} (16.2 and 105 ms from send to function, less send and invocation)`,
  },
  'Kinesis, PutRecords to the function, enhanced fan-out': { p50: 49.4, p99: 109, source: messaging },
  'Kinesis, PutRecords to the function': { p50: 627, p99: 1580, source: messaging },
} as const satisfies Readonly<Record<string, Latency>>;

export type Step = keyof typeof steps;

/** The AWS calls of functions, from the function. */
export const calls: Readonly<Record<string, Latency>> = {
  'dynamodb:GetItem': read,
  'dynamodb:Query': { ...read, p50: 5, p99: 25 },
  'dynamodb:BatchGetItem': { ...read, p50: 8, p99: 35 },
  'dynamodb:PutItem': write,
  'dynamodb:UpdateItem': write,
  'dynamodb:DeleteItem': write,
  'dynamodb:TransactWriteItems': { ...write, p50: 14, p99: 60 },
  'sqs:SendMessage': { p50: 8, p99: 50, source: `${messaging} (part of 16.2 and 105 ms)` },
  'sqs:SendMessageBatch': { p50: 8, p99: 50, source: `${messaging} (part of 16.2 and 105 ms)` },
  'sqs:CreateQueue': { p50: 80, p99: 350, source: assumed },
  'sqs:SetQueueAttributes': queueChange,
  'sqs:DeleteQueue': queueChange,
  'cognito-identity:GetId': identity,
  'cognito-identity:GetOpenIdToken': { ...identity, p50: 60, p99: 200 },
  'cognito-identity:GetOpenIdTokenForDeveloperIdentity': { ...identity, p50: 60, p99: 200 },
  'cognito-identity:DeleteIdentities': identity,
  'sts:AssumeRoleWithWebIdentity': identity,
  's3:PutObject': { p50: 45, p99: 200, source: s3 },
  's3:GetObject': { p50: 30, p99: 150, source: s3 },
  'states:StartExecution': { p50: 30, p99: 120, source: assumed },
  'lambda:Invoke': { p50: 12, p99: 60, source: assumed },
};

/** @throws Error naming a call that has no latency */
export const latencyOf = (call: string): Latency => {
  const found = calls[call];
  if (!found) throw new Error(`The model has no latency of ${call}: add one to bench/aws-model/latencies.ts`);
  return found;
};

/** How many standard deviations the 99th percentile is above the median. */
const z99 = 2.326;

/** A time from the log-normal distribution that has this median and this 99th percentile. */
export const sample = ({ p50, p99 }: Latency, random: Random): number =>
  p50 * exp((log(p99 / p50) / z99) * normal(random));

/** Times of the standard iterator, which are not log-normal because a record waits for Lambda's next read. The first and last are assumed. */
const standardRead: readonly (readonly [share: number, milliseconds: number])[] = [
  [0, 60],
  [0.1, 267],
  [0.5, 627],
  [0.9, 965],
  [0.99, 1580],
  [1, 2000],
];

/** From PutRecords to the function without enhanced fan-out, from the percentiles that its source has. */
export const sampleStandardRead = (random: Random): number => {
  const share = random();
  const above = standardRead.findIndex(([limit]) => share <= limit);
  const [[from, low], [to, high]] = [standardRead[max(0, above - 1)] ?? [0, 60], standardRead[above] ?? [1, 2000]];
  return to === from ? low : low + ((share - from) / (to - from)) * (high - low);
};

/** Milliseconds of a new environment's start for each kilobyte of the bundle: 250 ms for one of about 300 kB with clients of the AWS SDK. */
export const initPerKilobyte = {
  milliseconds: 0.36,
  source:
    'https://speedrun.nobackspacecrew.com/blog/2025/07/21/the-fastest-node-22-lambda-coldstart-configuration.html (about 250 ms of INIT for three clients); that it grows with the bundle is assumed',
};

/** What a partition of DynamoDB can read. An account's sessions lie in one partition. */
export const partitionReads = {
  unitsPerSecond: 3000,
  bytesPerUnit: 4096,
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
};

/** Records a second that a shard takes. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const recordsPerShard = 1000;
