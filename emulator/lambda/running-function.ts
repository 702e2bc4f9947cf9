import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TemporaryCredentials } from '../access/index.ts';
import type { EpochMilliseconds, MovableClock } from '../clock.ts';
import type { FunctionDefinition } from './function-definition.ts';
import type { BoundedLogs } from './function-logs.ts';
import { FunctionThread } from './function-thread.ts';
import type { ThreadOptions } from './messages.ts';

/** What functions run in. */
export interface FunctionContext {
  readonly clock: MovableClock;
  readonly region: string;
  /** The emulator's base URL, where the functions' AWS calls go. */
  readonly endpoint: string;
  /** The folder for V8's compiled code, with which the next thread of the same code starts faster. Default none. */
  readonly compileCache?: string | undefined;
  /** The error type of an invocation whose thread has ended. */
  readonly exitError: () => string;
  /** New credentials of the function's role. */
  readonly issueCredentials: (definition: FunctionDefinition) => TemporaryCredentials;
}

/**
 * A thread whose credentials expire within this time takes no more events: a new one, with new credentials, replaces it. Lambda too
 * replaces execution environments every few hours. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const renewalMargin = 60 * 60 * 1000;

/** The module of `index.handler` and its export. @throws Error when the folder has no such module. */
const findHandler = ({ construct, codeFolder, handler }: FunctionDefinition) => {
  const dot = handler.lastIndexOf('.');
  const base = join(codeFolder, handler.slice(0, dot));
  const file = ['.mjs', '.js', '.cjs'].map((ending) => base + ending).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${construct}: there is no module ${base}.mjs, .js or .cjs`);
  return { moduleUrl: pathToFileURL(file).href, exportName: handler.slice(dot + 1) };
};

const staticContext = ({ name, arn, memoryMegabytes }: FunctionDefinition): ThreadOptions['context'] => ({
  functionName: name,
  functionVersion: '$LATEST',
  invokedFunctionArn: arn,
  memoryLimitInMB: String(memoryMegabytes),
  logGroupName: `/aws/lambda/${name}`,
  logStreamName: 'local',
});

const credentialVariables = (credentials: TemporaryCredentials): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: new Date(credentials.expires).toISOString(),
});

/** One function: starts its thread when it is needed, and again when it has ended or its credentials are about to expire. */
export class RunningFunction {
  readonly definition: FunctionDefinition;
  readonly #context: FunctionContext;
  readonly #logs: BoundedLogs;
  readonly #handler: ReturnType<typeof findHandler>;
  readonly #threads = new Set<FunctionThread>();
  #thread: FunctionThread | undefined;
  #credentialsExpire: EpochMilliseconds = 0;
  #stopped = false;

  constructor(definition: FunctionDefinition, context: FunctionContext, logs: BoundedLogs) {
    this.definition = definition;
    this.#context = context;
    this.#logs = logs;
    this.#handler = findHandler(definition);
  }

  get thread(): FunctionThread | undefined {
    return this.#thread;
  }

  invoke(event: string): Promise<string> {
    if (this.#thread && this.#credentialsExpire - renewalMargin <= this.#context.clock.now()) {
      this.#thread.retire();
      this.#thread = undefined;
    }
    return this.start().invoke(event);
  }

  /** @throws Error once it was stopped. */
  start(): FunctionThread {
    if (this.#stopped) throw new Error(`${this.definition.construct} has been stopped`);
    this.#thread ??= this.#startThread();
    return this.#thread;
  }

  timeOut(): void {
    this.#thread?.timeOut();
  }

  async kill(): Promise<void> {
    await this.#thread?.stop();
  }

  /** Ends its thread for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
  }

  #startThread(): FunctionThread {
    const { definition } = this;
    const { clock } = this.#context;
    const credentials = this.#context.issueCredentials(definition);
    this.#credentialsExpire = credentials.expires;
    const started = new FunctionThread({
      clock,
      thread: { clock: clock.shared, ...this.#handler, context: staticContext(definition) },
      environment: {
        ...definition.environment,
        ...this.#lambdaVariables(),
        ...credentialVariables(credentials),
      },
      timeoutSeconds: definition.timeoutSeconds,
      memoryMegabytes: definition.memoryMegabytes,
      exitError: this.#context.exitError,
      onEnd: (thread) => {
        this.#threads.delete(thread);
        if (this.#thread === thread) this.#thread = undefined;
      },
      onOutput: (stream, source) => {
        this.#logs.collect(definition.construct, stream, source);
      },
    });
    this.#threads.add(started);
    return started;
  }

  /**
   * The variables that Lambda adds to a function's environment, and those that keep the developer's own AWS settings out of it.
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
   */
  #lambdaVariables(): Readonly<Record<string, string>> {
    const { region, endpoint, compileCache } = this.#context;
    return {
      ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }),
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_LAMBDA_FUNCTION_NAME: this.definition.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.definition.memoryMegabytes),
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    };
  }
}
