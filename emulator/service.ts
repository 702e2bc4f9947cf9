/** The types that every emulated service shares. */

/** A policy document of an identity, a session or a resource. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: readonly PolicyStatement[] | PolicyStatement;
}

export type PolicyStatement = Readonly<Record<string, unknown>>;

/** Who makes a call. */
export type Principal =
  | { readonly type: 'anonymous' }
  /** The credentials `local` / `local`, which may do everything. */
  | { readonly type: 'administrator' }
  | RolePrincipal;

/** A session of a role: a function, the API, a state machine, or a browser. */
export interface RolePrincipal {
  readonly type: 'role';
  readonly roleArn: string;
  readonly roleName: string;
  /** The role's unique id; with the session name it makes aws:userid. */
  readonly roleId: string;
  readonly sessionName: string;
  /** Its JSON text. */
  readonly sessionPolicy?: string;
  /** Condition keys the session carries, such as cognito-identity.amazonaws.com:sub. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** One permission a call needs. All of a call's permissions must be allowed. */
export interface Permission {
  /** As policies spell it: `sqs:ReceiveMessage`. */
  readonly action: string;
  /** The resource's ARN, or `*` where the action has none. */
  readonly resource: string;
  readonly resourcePolicy?: PolicyDocument | undefined;
  /** Condition keys of this request, such as `dynamodb:Attributes`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export type Parameters = Readonly<Record<string, unknown>>;

/** A request besides its parameters. */
export interface Call {
  readonly principal: Principal;
  /** Aborted when the caller has gone away before the answer. */
  readonly signal: AbortSignal;
  /** The base URL the caller used, without a slash at its end: http://127.0.0.1:4000. */
  readonly baseUrl: string;
}

export interface Action {
  /** The permissions the caller needs, from the request's parameters; an action without this is public and unsigned. */
  readonly permissions?: (parameters: Parameters) => readonly Permission[];
  /** The answer's body as the JSON protocol carries it. @throws AwsError for everything AWS refuses. */
  readonly run: (parameters: Parameters, call: Call) => Promise<object> | object;
}

export interface Service {
  /** The name in signatures and in permissions: `sqs`, `kinesis`, `states`, `sts`. */
  readonly name: string;
  /** By the API's name: `ReceiveMessage`. */
  readonly actions: Readonly<Record<string, Action>>;
}

/** An error as AWS answers it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  /** The HTTP status; undefined unless it is to be another than the service's model has for the code. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A call that was made: for counting calls, and for finding grants that no call uses. */
export interface CallRecord {
  readonly service: string;
  readonly action: string;
  readonly principal: Principal;
  readonly permissions: readonly Permission[];
  readonly outcome: 'answered' | 'refused' | 'denied';
  /** The error's code unless the call was answered. */
  readonly error?: string;
}
