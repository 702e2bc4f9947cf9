/** Runs in a worker thread: loads one function's bundle and answers invocations, many at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { clockTime, isStanding } from '../clock.ts';
import { memberOf } from '../values.ts';
import type { FromThread, Invocation, Outcome, ThreadOptions, ToThread } from './messages.ts';

type Handler = (event: unknown, context: object) => unknown;

const { clock, moduleUrl, exportName, context } = workerData as ThreadOptions;

const MachineDate = Date;
const now = (): number => clockTime(clock, MachineDate.now());

/** The time that an invocation's timeout is measured with: see the clock's `limit`. */
const time = (): number => (isStanding(clock) ? now() : performance.now());

const valueOf = (target: object, name: string | symbol, receiver: unknown): unknown =>
  Reflect.get(target, name, receiver);

/** Everything in this thread reads the emulator's clock: `new Date()`, `Date.now()`, and with them signatures and expiries. */
globalThis.Date = new Proxy(MachineDate, {
  apply: () => new MachineDate(now()).toString(),
  construct: (target, parameters: readonly unknown[], newTarget) =>
    Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget) as Date,
  get: (target, name, receiver) => (name === 'now' ? now : valueOf(target, name, receiver)),
});

/**
 * An error as the Lambda runtime for Node.js reports it.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js
 */
const describeError = (error: unknown): string =>
  JSON.stringify(
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
      : { errorType: typeof error, errorMessage: String(error), trace: [] },
  );

/**
 * The line that the Lambda runtime prints for every error that a handler throws, with the error's own members.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js
 */
const formatError = (error: unknown): string => {
  if (!(error instanceof Error)) return describeError(error);
  const { name, message, stack = '' } = error;
  try {
    return JSON.stringify(
      Object.assign({ errorType: name, errorMessage: message }, error, { stack: stack.split('\n') }),
    );
  } catch {
    return describeError(error);
  }
};

const loadHandler = async (): Promise<Handler> => {
  const handler = memberOf(await import(moduleUrl), exportName);
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${exportName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return (event, lambdaContext): unknown => Reflect.apply(handler, undefined, [event, lambdaContext]);
};

const post = (message: FromThread): void => parentPort?.postMessage(message);

const handler = loadHandler();
void handler
  .then(
    () => undefined,
    () => undefined,
  )
  .then(() => {
    post('loaded');
  });

const run = async ({ id, requestId, event, timeoutMilliseconds }: Invocation): Promise<Outcome> => {
  const deadline = time() + timeoutMilliseconds;
  try {
    const handle = await handler;
    const result = await handle(JSON.parse(event), {
      ...context,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - time())),
    });
    return { id, payload: JSON.stringify(result ?? null), failed: false };
  } catch (error) {
    process.stdout.write(
      `${new Date(now()).toISOString()}\t${requestId}\tERROR\tInvoke Error \t${formatError(error)}\n`,
    );
    return { id, payload: describeError(error), failed: true };
  }
};

parentPort?.on('message', (message: ToThread) => {
  if (message === 'ping') {
    post('pong');
    return;
  }
  void run(message).then(post);
});
