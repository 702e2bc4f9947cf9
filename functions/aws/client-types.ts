import type { IncomingHttpHeaders } from 'node:http';
import type * as cognito from '@aws-sdk/client-cognito-identity';
import type * as dynamoDb from '@aws-sdk/client-dynamodb';
import type * as stepFunctions from '@aws-sdk/client-sfn';
import type * as sqs from '@aws-sdk/client-sqs';
import type { AssumeRoleWithWebIdentityRequest } from '@aws-sdk/client-sts';
import type { Credentials, ServiceNames } from './environment.ts';

/*
 * The clients that functions call AWS with take and answer what the API reference says, in JSON. Its shapes are the types of the
 * AWS SDK's packages, of which nothing else gets into a function.
 */

type ActionOf<M> = keyof M extends infer K ? (K extends `${infer A}Command` ? A : never) : never;

/** The input and the output of an action, by the command that the SDK's module for the service has for it. */
type Shapes<M, A extends string> =
  M extends Record<`${A}Command`, new (...parameters: infer P) => infer C>
    ? C extends { resolveMiddleware(...parameters: never): (...parameters: never) => Promise<{ output: infer O }> }
      ? { readonly input: P extends [infer I] ? I : never; readonly output: Omit<O, '$metadata'> }
      : never
    : never;

/** The SDK's types of values as they are in JSON: times in epoch seconds, bytes in Base64. */
type Wire<T> = T extends Date ? number : T extends Uint8Array ? string : T extends object ? WireMembers<T> : T;
type WireMembers<T> = { readonly [K in keyof T]: Wire<T[K]> };

/** What every client has beside its calls. */
export interface Connections {
  /** The host that an action is called at, for S3 on a bucket. */
  readonly hostOf: (action: string, bucket?: string) => string;
  /** Closes them. */
  readonly destroy: () => void;
}

/** A client of a service. `M` is the SDK's module for the service. */
export interface AwsClient<M> extends Connections {
  /** @throws AwsError; an error of Node's network; one named TimeoutError or AbortError */
  readonly call: <A extends ActionOf<M>>(
    action: A,
    input: Shapes<M, A>['input'],
    signal?: AbortSignal,
  ) => Promise<Wire<Shapes<M, A>['output']>>;
}

export type CognitoIdentityClient = AwsClient<typeof cognito>;
export type DynamoDBClient = AwsClient<typeof dynamoDb>;
export type SFNClient = AwsClient<typeof stepFunctions>;
export type SQSClient = AwsClient<typeof sqs>;

type Attributes = Readonly<Record<string, unknown>>;

/** The members of a call of DynamoDB, with plain values in place of typed ones. */
type Plain<T> = {
  [K in keyof T]: T[K] extends Record<string, dynamoDb.AttributeValue> | undefined
    ? Attributes | Extract<T[K], undefined>
    : T[K] extends Record<string, dynamoDb.AttributeValue>[] | undefined
      ? Attributes[] | Extract<T[K], undefined>
      : T[K];
};

/** DynamoDB with plain values in place of typed ones, like the SDK's client of this name. */
export interface DynamoDBDocumentClient extends Connections {
  readonly call: <A extends ActionOf<typeof dynamoDb>>(
    action: A,
    input: Plain<Shapes<typeof dynamoDb, A>['input']>,
  ) => Promise<Wire<Plain<Shapes<typeof dynamoDb, A>['output']>>>;
}

interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

/** S3 takes and answers the content of an object as it is; here it is a text. */
export interface S3Client extends Connections {
  readonly call: {
    (action: 'GetObject', input: ObjectAddress): Promise<{ readonly Body: string }>;
    (action: 'PutObject', input: ObjectAddress & { readonly Body: string }): Promise<object>;
  };
}

/** STS answers XML, of which the elements without children are read. */
export interface STSClient extends Connections {
  readonly call: (
    action: 'AssumeRoleWithWebIdentity',
    input: Omit<AssumeRoleWithWebIdentityRequest, 'PolicyArns'>,
  ) => Promise<Partial<Record<'AccessKeyId' | 'SecretAccessKey' | 'SessionToken' | 'Expiration', string>>>;
}

/** How long a client waits, in milliseconds. */
export interface Timeouts {
  readonly connectionTimeout: number;
  /** From the beginning of an attempt to the end of its answer. */
  readonly requestTimeout: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface ClientOptions {
  /** Calls in flight at once. Default 50. */
  readonly maxSockets?: number;
  /** How often a call is made in all. Default 2, and 1 for Step Functions. */
  readonly maxAttempts?: number;
  /** Default, like Region and credentials, from the environment. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: Credentials;
  readonly timeouts?: Timeouts;
  /** The time that is signed, in epoch milliseconds. */
  readonly now?: () => number;
}

/** What a call is as an HTTP request. */
interface Asked {
  /** Default POST. */
  readonly method?: string;
  /** Begins the host, or the path at a configured endpoint. */
  readonly bucket?: string | undefined;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The protocol of a service: JSON, as in its model in the SDK, STS's query protocol, or S3's REST. */
export interface Protocol {
  readonly ask: (action: string, input: never) => Asked;
  readonly readAnswer: (text: string) => unknown;
  /** The codes of an error. The first one is the SDK's choice. */
  readonly readCodes: (answer: Answer) => readonly (string | undefined)[];
}

export interface Service extends Protocol, ServiceNames {
  /** Actions that are called without a signature. */
  readonly unsigned?: readonly string[];
  /** What the hosts of some actions begin with, unless an endpoint was configured. */
  readonly hostPrefixes?: Readonly<Record<string, string>>;
}
