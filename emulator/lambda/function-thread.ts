import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { processEnded, thrownByFunction, timedOut } from './function-error.ts';
import type { FunctionError } from './function-error.ts';
import type { FromThread, Invocation, ThreadOptions } from './messages.ts';

interface Pending {
  readonly requestId: string;
  readonly cancelTimeout: () => void;
  readonly resolve: (payload: string) => void;
  readonly reject: (error: FunctionError) => void;
}

/** What a running function uses of the machine. */
export interface FunctionUsage {
  /** Of its heap and of the buffers that belong to it, now. */
  readonly memoryBytes: number;
  /** Since its thread started. */
  readonly cpuMilliseconds: number;
}

export interface FunctionThreadOptions {
  readonly clock: Clock;
  readonly thread: ThreadOptions;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** The error type of an invocation whose thread has ended. */
  readonly exitError: () => string;
  /** Called once, when the thread has ended by itself or was stopped. */
  readonly onEnd: (thread: FunctionThread) => void;
  readonly onOutput: (stream: 'stdout' | 'stderr', source: NodeJS.ReadableStream) => void;
}

/** Milliseconds. A thread that does not answer for this long after a timeout is stopped: its event loop is blocked. */
const busyMilliseconds = 1_000;

/** The thread's program: TypeScript or, in a package or bundle, JavaScript. */
const program = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);

/**
 * One worker thread that runs one function. It stands for all execution environments of the function, and takes many events at a time;
 * one of Lambda takes one. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * Assumed: a function that is still working after its timeout continues. Lambda resets the environment instead.
 */
export class FunctionThread {
  readonly #worker: Worker;
  readonly #options: FunctionThreadOptions;
  readonly #loaded = Promise.withResolvers<undefined>();
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #ended = false;
  #isRetired = false;
  #busyTimer: NodeJS.Timeout | undefined;

  constructor(options: FunctionThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(program, {
      workerData: options.thread,
      env: { ...options.environment },
      argv: [],
      execArgv: ['--no-warnings'],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
    });
    options.onOutput('stdout', this.#worker.stdout);
    options.onOutput('stderr', this.#worker.stderr);
    this.#worker.on('message', (message: FromThread) => {
      this.#receive(message);
    });
    this.#worker.on('error', (error: Error) => {
      this.#end(`${error.name}: ${error.message}`);
    });
    this.#worker.on('exit', (code) => {
      this.#end(`exit status ${code}`);
    });
  }

  /**
   * Runs the function once. @returns the result's JSON text.
   * @throws FunctionError when the function throws, takes longer than its timeout, or its thread ends.
   */
  invoke(event: string): Promise<string> {
    const id = ++this.#lastId;
    const requestId = randomUUID();
    const { clock, timeoutSeconds } = this.#options;
    const timeoutMilliseconds = timeoutSeconds * 1000;
    return new Promise((resolve, reject) => {
      const cancelTimeout = clock.limit(timeoutMilliseconds, () => {
        this.#timeOut(id);
      });
      this.#pending.set(id, { requestId, cancelTimeout, resolve, reject });
      this.#worker.postMessage({ id, requestId, event, timeoutMilliseconds } satisfies Invocation);
    });
  }

  /** Stops when the invocations in progress have ended. */
  retire(): void {
    this.#isRetired = true;
    if (this.#pending.size === 0) void this.stop();
  }

  /** Settles when the bundle has been loaded, or the thread has ended. */
  get loaded(): Promise<undefined> {
    return this.#loaded.promise;
  }

  /** Ends all invocations in progress as timed out. */
  timeOut(): void {
    for (const id of [...this.#pending.keys()]) this.#timeOut(id);
  }

  async stop(): Promise<void> {
    this.#end('stopped');
    await this.#worker.terminate();
  }

  /** Once its bundle has been loaded. @throws Error when it has ended. */
  async usage(): Promise<FunctionUsage> {
    await this.loaded;
    const [heap, cpu] = await Promise.all([this.#worker.getHeapStatistics(), this.#worker.cpuUsage()]);
    return {
      memoryBytes: heap.used_heap_size + heap.external_memory,
      cpuMilliseconds: (cpu.user + cpu.system) / 1000,
    };
  }

  #receive(message: FromThread): void {
    if (message === 'loaded') {
      this.#loaded.resolve(undefined);
      return;
    }
    if (message === 'pong') {
      clearTimeout(this.#busyTimer);
      this.#busyTimer = undefined;
      if (this.#isRetired) this.retire();
      return;
    }
    const pending = this.#take(message.id);
    if (message.failed) pending?.reject(thrownByFunction(message.payload));
    else pending?.resolve(message.payload);
    if (this.#isRetired) this.retire();
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    pending?.cancelTimeout();
    this.#pending.delete(id);
    return pending;
  }

  /** The invocation's result is ignored from now on. A thread that does not answer a ping is stopped. */
  #timeOut(id: number): void {
    const pending = this.#take(id);
    pending?.reject(timedOut(pending.requestId, this.#options.timeoutSeconds));
    this.#worker.postMessage('ping');
    this.#busyTimer ??= setTimeout(() => {
      void this.stop();
    }, busyMilliseconds);
  }

  #end(how: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#loaded.resolve(undefined);
    clearTimeout(this.#busyTimer);
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#take(id);
      if (pending) pending.reject(processEnded(this.#options.exitError(), pending.requestId, how));
    }
    this.#options.onEnd(this);
  }
}
