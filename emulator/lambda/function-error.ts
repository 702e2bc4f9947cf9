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

/** Reads what a function's thread reported. */
export const thrownByFunction = (payload: string): FunctionError => {
  const { errorType } = JSON.parse(payload) as { errorType: string };
  return new FunctionError(errorType, payload);
};

/**
 * What Step Functions and event source mappings see when the function's process has ended: Lambda.Unknown.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const processEnded = (requestId: string, how: string): FunctionError =>
  lambdaFailure('Lambda.Unknown', `RequestId: ${requestId} Error: Runtime exited with error: ${how}`);

export const timedOut = (requestId: string, seconds: number): FunctionError =>
  lambdaFailure(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  );
