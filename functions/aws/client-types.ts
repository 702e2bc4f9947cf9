import type * as cognito from '@aws-sdk/client-cognito-identity';
import type * as dynamoDb from '@aws-sdk/client-dynamodb';
import type * as stepFunctions from '@aws-sdk/client-sfn';
import type * as sqs from '@aws-sdk/client-sqs';
import type { AssumeRoleWithWebIdentityRequest } from '@aws-sdk/client-sts';

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
