import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { variables } from './environment.ts';

export interface ClientOptions {
  /** Calls in flight at once. Default the SDK's. */
  readonly maxSockets?: number;
  /** How often the SDK makes a call in all. Default 2, and 1 for Step Functions. */
  readonly maxAttempts?: number;
  /** Default, like region and credentials, from the environment. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** How long a client waits, in milliseconds. */
interface Timeouts {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
}

/**
 * Two attempts of two seconds fit into the five a function has, so that a service that hangs becomes an
 * UpstreamUnavailable and not a killed function.
 */
const defaultTimeouts = { connectionTimeout: 1000, requestTimeout: 2000 };

/** For large batches to many queues: a megabyte takes longer than the attributes of a queue. */
const batchTimeouts = { connectionTimeout: 3000, requestTimeout: 8000 };

/** An Express execution lasts at most five minutes; its answer is waited for a little longer. */
const executionTimeouts = { connectionTimeout: 1000, requestTimeout: 305_000 };

/** What every client is made with. Connections are kept alive, the SDK's default. */
const settings = ({ maxSockets, ...location }: ClientOptions, timeouts: Timeouts = defaultTimeouts) => {
  const agent = { keepAlive: true, ...(maxSockets !== undefined && { maxSockets }) };
  const requestHandler = { ...timeouts, throwOnRequestTimeout: true, httpAgent: agent, httpsAgent: agent };
  return { maxAttempts: 2, ...location, requestHandler };
};

export const openDynamoDb = (options: ClientOptions = {}): DynamoDBClient => new DynamoDBClient(settings(options));

export const openDocuments = (options: ClientOptions = {}): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(openDynamoDb(options));

/** A client that calls the Region's endpoint and never the host in a queue's URL, which comes from our data. */
export const openSqs = (options: ClientOptions = {}): SQSClient =>
  new SQSClient({
    ...settings(options, options.maxSockets === undefined ? defaultTimeouts : batchTimeouts),
    useQueueUrlAsEndpoint: false,
  });

export const openCognito = (options: ClientOptions = {}): CognitoIdentityClient =>
  new CognitoIdentityClient(settings(options));

export const openSts = (options: ClientOptions = {}): STSClient => new STSClient(settings(options));

/**
 * A client that waits for the answers of Express executions. Synchronous starts go to a host of their own,
 * `sync-states…`, which a configured endpoint does not have. A start is not repeated: an execution may be under way.
 */
export const openStepFunctions = (options: ClientOptions = {}): SFNClient =>
  new SFNClient({
    ...settings({ maxAttempts: 1, ...options }, executionTimeouts),
    disableHostPrefix: variables()['AWS_ENDPOINT_URL'] !== undefined,
  });
