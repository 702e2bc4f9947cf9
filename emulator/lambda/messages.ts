/** The messages between the emulator and a function's thread. Events and results are JSON texts. */

export interface ThreadOptions {
  /** The shared state of the emulator's clock, for `clockTime`. */
  readonly clock: Float64Array;
  /** URL of the bundle's module. */
  readonly moduleUrl: string;
  /** The name of the export that handles events. */
  readonly exportName: string;
  readonly context: StaticContext;
}

/** The members of Lambda's context object that stay the same. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface StaticContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export interface Invocation {
  readonly id: number;
  readonly requestId: string;
  readonly event: string;
  readonly timeoutMilliseconds: number;
}

/** `ping` asks whether the thread still turns its event loop. */
export type ToThread = Invocation | 'ping';

export interface Outcome {
  readonly id: number;
  /** JSON text of the result, or of the error when `failed`. */
  readonly payload: string;
  readonly failed: boolean;
}

/** `loaded` says that the bundle has been loaded, or has failed to load. */
export type FromThread = Outcome | 'pong' | 'loaded';
