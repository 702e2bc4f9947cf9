/** The types of `sqs-browser/local`. They import nothing, so that the published declarations need no other file. */

export interface LocalOptions {
  /** The folder that `cdk synth` wrote: `cdk.out`. */
  readonly app: string;
  /** Which stack. Needed when the app has several. */
  readonly stack?: string;
  /** Where to listen on 127.0.0.1. Default: a free port. */
  readonly port?: number;
  /** `iam`: the API asks for signed requests, as on AWS. Default `none`: anyone on this machine may call. */
  readonly apiAuth?: 'none' | 'iam';
  /** A folder in which the state is kept for the next start. Default: nothing is kept. */
  readonly data?: string;
  /** Called with errors inside, such as a schedule that is refused. */
  readonly onProblem?: (problem: Error) => void;
}

/** Credentials that may do everything. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A stack that runs on this machine. */
export interface LocalService {
  /** http://127.0.0.1:4000: the URL of the API and the endpoint of every AWS service. */
  readonly url: string;
  readonly stackName: string;
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * The logical ids of the stack's resources that do not run: where something of the stack is not supported, the services of sqs-browser and
   * what they use run without the rest. None when the whole stack runs.
   */
  readonly leftOut: readonly string[];
  readonly region: string;
  readonly credentials: LocalCredentials;
  /** The time on which keys, sessions and messages expire. */
  readonly clock: {
    /** Epoch milliseconds. */
    now(): number;
    /** @param milliseconds forward; it does not move back */
    advance(milliseconds: number): void;
  };
  /** Makes calls of AWS or runs of functions fail; returns how to end that. See the emulator's documentation. */
  readonly addFault: (fault: LocalFault) => () => void;
  /** Resolves when every record on the stream has been delivered or given up. */
  idle(): Promise<void>;
  /** Ends everything: functions, timers, connections and the port. */
  stop(): Promise<void>;
}

/** A failure that a test asks for. */
export interface LocalFault {
  /** The function it happens to, by its construct: `RouteMessages`. With a call: only when this function makes it. */
  readonly function?: string;
  /** The call it happens to, such as `sqs:SendMessageBatch`; without one the function's invocation fails. */
  readonly call?: string;
  /** Before the function or the call has any effect, or after it has had all of it. */
  readonly when: 'before' | 'after';
  /**
   * An error by name, with the HTTP status of a call's error, by default the one that AWS documents for it. `killed`: the function's process
   * ends there; `timeout`: the function times out, and the call is not answered.
   */
  readonly error: { readonly name: string; readonly message: string; readonly status?: number } | 'killed' | 'timeout';
  /** How many times it happens. Default: until it is removed. */
  readonly times?: number;
}

/**
 * Runs a stack until `stop`. It needs Node.js 20.12 or later; `data` needs 22.13.
 * @throws Error naming what is not there, or what the services use and is not supported; with code EADDRINUSE when the port is taken
 */
export type StartLocal = (options: LocalOptions) => Promise<LocalService>;
