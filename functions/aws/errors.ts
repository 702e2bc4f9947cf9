import type { ErrorBody, ErrorMembers, ErrorName } from '../../client/shared/errors.ts';

/**
 * The failures a caller may see. A function fails with one of these; its name becomes the error of the state machine's
 * execution, and the API maps it to a status. The set is closed: whatever else goes wrong is an UpstreamFailed.
 */
export type FailureName =
  | Extract<
      ErrorName,
      | 'InvalidRequest'
      | 'SessionNotFound'
      | 'SessionConflict'
      | 'MessageTooLarge'
      | 'Throttled'
      | 'UpstreamFailed'
      | 'TimedOut'
    >
  | 'QueueDoesNotExist'
  | 'UpstreamUnavailable';

/** An expected failure. Its message is for the caller: no ARN, key or stack trace. */
export abstract class Failure extends Error {
  abstract override readonly name: FailureName;
  /** What the answer's JSON has beside the name and the message. */
  get members(): ErrorMembers {
    return {};
  }

  /** Empty: Lambda would put the stack's lines into the error it answers, and so into the execution's cause. */
  override readonly stack = '';

  /** The body of the API's answer. The difference between the three kinds of UpstreamFailed only decides about retries. */
  get answer(): ErrorBody {
    const isUpstream = this.name === 'UpstreamUnavailable' || this.name === 'QueueDoesNotExist';
    return { error: isUpstream ? 'UpstreamFailed' : this.name, message: this.message, ...this.members };
  }
}

/**
 * How a failure leaves a function. Lambda answers a thrown error with its name and message only
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html), so the message is the JSON of the answer's body.
 */
export class ReportedFailure extends Error {
  override readonly name: FailureName;
  /** Empty for the same reason as a failure's. */
  override readonly stack = '';

  constructor(failure: Failure) {
    super(JSON.stringify(failure.answer));
    this.name = failure.name;
  }
}

/** 400: a field of the request is not what it must be. */
export class InvalidRequest extends Failure {
  override readonly name = 'InvalidRequest';
  readonly field: string;

  /**
   * @param field the field as the caller knows it: `accountId`, `body`
   * @param value what was given; the message shows at most 40 characters of it
   * @param expected what would be right, in words that can follow "must be": `an integer`
   */
  constructor(field: string, value: unknown, expected: string) {
    super(`${field} is ${show(value)}, but must be ${expected}`);
    this.field = field;
  }

  override get members(): ErrorMembers {
    return { field: this.field };
  }
}

/** 404: there is no such session, or it is not active. */
export class SessionNotFound extends Failure {
  override readonly name = 'SessionNotFound';

  constructor(accountId: number, sessionId: string) {
    super(`Account ${accountId} has no session ${show(sessionId)}`);
  }
}

/** 409: another request changed the session at the same time. */
export class SessionConflict extends Failure {
  override readonly name = 'SessionConflict';

  constructor() {
    super('The session was created, renewed or destroyed by another request at the same time');
  }
}

/** 413: a message is larger than can be delivered. */
export class MessageTooLarge extends Failure {
  override readonly name = 'MessageTooLarge';
  readonly bytes: number;
  readonly limit: number;

  /** Both in bytes of UTF-8. */
  constructor(bytes: number, limit: number) {
    super(`The message has ${bytes} bytes, but at most ${limit} can be delivered`);
    this.bytes = bytes;
    this.limit = limit;
  }

  override get members(): ErrorMembers {
    return { bytes: this.bytes, limit: this.limit };
  }
}

/** 413: the body of a request is larger than can be taken. */
export class RequestTooLarge extends Failure {
  override readonly name = 'MessageTooLarge';
  readonly limit: number;

  /** @param limit bytes of the body as text within JSON */
  constructor(limit: number) {
    super(`The request is too large: its body may have ${limit} bytes as text within JSON`);
    this.limit = limit;
  }

  override get members(): ErrorMembers {
    return { limit: this.limit };
  }
}

/** 429: an AWS service throttled a call; a retry may succeed. */
export class Throttled extends Failure {
  override readonly name = 'Throttled';
}

/** 504: there was no time left. */
export class TimedOut extends Failure {
  override readonly name = 'TimedOut';
}

/** 502: an AWS service could not be reached or failed; a retry may succeed. */
export class UpstreamUnavailable extends Failure {
  override readonly name = 'UpstreamUnavailable';
}

/** 502: SQS does not know a queue that was just made; a retry after a second may succeed. */
export class QueueDoesNotExist extends Failure {
  override readonly name = 'QueueDoesNotExist';

  /** @param call `sqs:DeleteQueue` */
  constructor(call: string) {
    super(`${call} does not know the new queue yet`);
  }
}

/** 502: an AWS service refused a call, and a retry would not help. */
export class UpstreamFailed extends Failure {
  override readonly name = 'UpstreamFailed';
}

/** A value as a message shows it, cut to 40 characters and never spread out: what is deeply nested stays unread. */
const show = (value: unknown): string => {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return showText(value);
  if (typeof value !== 'object') return `${value as number}`;
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : 'an object';
};

const showText = (text: string): string => {
  const limit = 40;
  // 2 UTF-16 units hold every character, so the long rest of the text is not looked at.
  const characters = Array.from(text.slice(0, 2 * limit + 2));
  const shown = JSON.stringify(characters.slice(0, limit).join(''));
  return characters.length > limit ? `${shown}…` : shown;
};

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

/** These have a 4xx status, but a retry may succeed. */
const transientCodes = new Set([
  'IDPCommunicationError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'AbortError',
]);

/** What an AWS service answered in place of a result. Its message is not kept: AWS's own hold ARNs and parts of the request. */
export class AwsError extends Error {
  override readonly name: string;
  /** Its codes: SQS has one of the JSON protocol and one of the older query protocol. */
  readonly codes: readonly string[];
  readonly status: number;

  constructor(codes: readonly (string | undefined)[], status: number) {
    super(`AWS answered with the status ${status}`);
    this.codes = codes
      .filter((code) => code !== undefined)
      .map((code) => code.replace(/^AWS\.SimpleQueueService\./, ''));
    this.name = this.codes[0] ?? 'UnknownError';
    this.status = status;
  }
}

/** The codes of an error. Node's network errors have a code and a name. */
const codesOf = (error: unknown): readonly string[] => {
  if (error instanceof AwsError) return error.codes;
  if (typeof error !== 'object' || error === null) return [];
  const { name, code }: { readonly name?: unknown; readonly code?: unknown } = error;
  return [name, code].filter((each) => typeof each === 'string');
};

/** Whether an AWS call failed with one of these codes. */
export const failedWith = (error: unknown, ...codes: readonly string[]): boolean =>
  codesOf(error).some((code) => codes.includes(code));

/**
 * The failure that an error of an AWS call stands for. The message names the call and AWS's error code and nothing else: AWS's own
 * messages hold ARNs and request details.
 * @param call service and action as policies spell them: `sqs:CreateQueue`
 */
export const failureOf = (error: unknown, call: string): Failure => {
  if (error instanceof Failure) return error;
  const codes = codesOf(error);
  const status = error instanceof AwsError ? error.status : undefined;
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
 * Waits for an AWS call, and returns `otherwise` when it fails with one of the codes.
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
 * Returns a member that the answers of a call always have.
 * @throws UpstreamFailed when it is missing
 */
export const present = <T>(call: string, member: T | undefined): T => {
  if (member === undefined) throw new UpstreamFailed(`${call} answered without what was asked for`);
  return member;
};

/** Node's network and TLS errors carry a code in capitals: ECONNRESET, ENOTFOUND, EAI_AGAIN, ERR_SSL_…. */
const isNetworkError = (error: unknown): boolean => codesOf(error).some((code) => /^E[A-Z_0-9]+$/.test(code));
