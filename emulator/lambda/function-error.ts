import { memberOf } from '../values.ts';

/** An invocation that failed, as Lambda answers it: `payload` is the JSON text {errorType, errorMessage, trace?}. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;
  readonly payload: string;

  constructor(errorType: string, payload: string) {
    super(payload);
    this.errorType = errorType;
    this.payload = payload;
  }
}

/** A failure that Lambda itself reports, such as Sandbox.Timedout. */
export const lambdaFailure = (errorType: string, errorMessage: string): FunctionError =>
  new FunctionError(errorType, JSON.stringify({ errorType, errorMessage }));

/** The errorType in the payload of an invocation that failed; `Error` when it has none. */
export const errorTypeOf = (payload: string): string => {
  const errorType = memberOf(JSON.parse(payload), 'errorType');
  return typeof errorType === 'string' ? errorType : 'Error';
};

/** The error that a function's thread reported. */
export const thrownByFunction = (payload: string): FunctionError => new FunctionError(errorTypeOf(payload), payload);

/**
 * The error types of a function whose process has ended, one after the other. Lambda reports Runtime.ExitError, and Step
 * Functions documents Lambda.Unknown for a runtime that ends while it works; in the worst case both occur.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 * https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
export const exitErrors = (worstCase: boolean): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return worstCase && count % 3 !== 0 ? 'Runtime.ExitError' : 'Lambda.Unknown';
  };
};

/** The failure of an invocation whose process has ended. */
export const processEnded = (errorType: string, requestId: string, how: string): FunctionError =>
  lambdaFailure(errorType, `RequestId: ${requestId} Error: Runtime exited with error: ${how}`);

/** The error's name: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const timedOut = (requestId: string, seconds: number): FunctionError =>
  lambdaFailure(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  );
