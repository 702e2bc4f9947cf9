import { Failure, Throttled, UpstreamFailed, UpstreamUnavailable } from './errors.ts';

/**
 * The codes by which the services we call say "too many requests": DynamoDB and Kinesis, SQS, Cognito, STS, Step
 * Functions, Lambda (each API's model in botocore, and "Common Errors" of its API reference).
 */
const throttlingCodes = new Set([
  'ExecutionLimitExceeded',
  'KMS.ThrottlingException',
  'KmsThrottled',
  'LimitExceededException',
  'OverLimit',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** Answered with a 4xx status, yet worth a retry. */
const transientCodes = new Set([
  'IDPCommunicationError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'AbortError',
]);

/** What an SDK's error carries besides its name; network errors of Node carry `code` and no status. */
interface SdkError {
  readonly name?: unknown;
  readonly Code?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

/** The codes an AWS error goes by: SQS has one of the JSON protocol and one of the older query protocol. */
const codesOf = (error: unknown): readonly string[] => {
  if (typeof error !== 'object' || error === null) return [];
  const { name, Code, code } = error as SdkError;
  return [name, Code, code]
    .filter((each) => typeof each === 'string')
    .map((each) => each.replace(/^AWS\.SimpleQueueService\./, ''));
};

/** Whether an AWS call failed with one of these codes. */
export const failedWith = (error: unknown, ...codes: readonly string[]): boolean =>
  codesOf(error).some((code) => codes.includes(code));

/**
 * What a failed AWS call means to the caller. The message names the call and AWS's error code and nothing else: AWS's own
 * messages hold ARNs and request details.
 * @param call service and action as policies spell them: `sqs:CreateQueue`
 */
export const failureOf = (error: unknown, call: string): Failure => {
  if (error instanceof Failure) return error;
  const codes = codesOf(error);
  const status = statusOf(error);
  if (status === 429 || codes.some((code) => throttlingCodes.has(code))) {
    return new Throttled(`${call} was throttled`);
  }
  const reason = codes.find((code) => /^[A-Za-z0-9_.]{1,60}$/.test(code)) ?? 'Error';
  if (
    codes.some((code) => transientCodes.has(code)) ||
    (status === undefined ? isNetworkError(error) : status >= 500)
  ) {
    return new UpstreamUnavailable(`${call} did not answer: ${reason}`);
  }
  return new UpstreamFailed(`${call} was refused: ${reason}`);
};

/**
 * Waits for an AWS call.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed
 */
export const settle = async <T>(call: string, answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    throw failureOf(error, call);
  }
};

/**
 * Waits for an AWS call that may fail with certain codes, and then answers `otherwise`.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed for every other failure
 */
export const settleUnless = async <T, U>(
  call: string,
  answer: Promise<T>,
  codes: readonly string[],
  otherwise: U,
): Promise<T | U> => {
  try {
    return await answer;
  } catch (error) {
    if (failedWith(error, ...codes)) return otherwise;
    throw failureOf(error, call);
  }
};

/**
 * A member of an AWS answer that is always there.
 * @throws UpstreamFailed when it is not
 */
export const present = <T>(call: string, member: T | undefined): T => {
  if (member === undefined) throw new UpstreamFailed(`${call} answered without what was asked for`);
  return member;
};

const statusOf = (error: unknown): number | undefined => {
  const status = (error as SdkError | null | undefined)?.$metadata?.httpStatusCode;
  return typeof status === 'number' ? status : undefined;
};

/** Node's network and TLS errors carry a code in capitals: ECONNRESET, ENOTFOUND, EAI_AGAIN, ERR_SSL_…. */
const isNetworkError = (error: unknown): boolean => {
  const code = (error as SdkError | null | undefined)?.code;
  return typeof code === 'string' && /^E[A-Z_0-9]+$/.test(code);
};
