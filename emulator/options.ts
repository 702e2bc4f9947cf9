import type { MovableClock } from './clock.ts';
import type { Quotas } from './quotas.ts';
import type { Site } from './site.ts';
import type { TemplateObject } from './template/read-synthesis.ts';

export interface EmulatorOptions {
  /**
   * The path of a synthesized template, `<folder>/<stack>.template.json`, with its assets beside it; or the template itself,
   * such as `{ Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } }`.
   */
  readonly template: string | TemplateObject;
  /** The folder with the functions' code (`asset.<hash>`) for a template that is given itself. Default: the current folder. */
  readonly assetFolder?: string;
  /** Default: the name in the template's path, or `stack`. */
  readonly stackName?: string;
  /** Twelve digits. Default `000000000000`. */
  readonly accountId?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /**
   * A folder in which the state is kept, once a second: queues and their messages, tables, streams, identities, credentials,
   * objects, logs and metrics. The next start with the folder continues with them; executions in progress are not kept. It is used
   * by one process at a time and needs Node.js 22.13. Default: nothing is kept.
   */
  readonly data?: string;
  /** The port on 127.0.0.1. Default 0, which picks a free one. */
  readonly port?: number;
  /** Default: a new one, which shows the machine's time until it is moved. */
  readonly clock?: MovableClock;
  /**
   * Requests that are signed with the machine's time are taken as well when the clock has been moved: most SDKs and the AWS CLI
   * sign with no other. Default no: they are refused as on AWS, where the clocks differ.
   */
  readonly acceptMachineTime?: boolean;
  /** Whether the API's IAM-protected methods need signed requests. Default `none`: anyone on this machine may call them. */
  readonly apiAuth?: 'none' | 'iam';
  /**
   * A request for a path that the API does not have is answered with 404 and the nearest route. Default no: with 403, as API Gateway
   * answers it.
   */
  readonly explainUnknownRoutes?: boolean;
  /**
   * Everything behaves as badly as AWS documents it: changes of queues and indexes hold late, calls are throttled now and then, a
   * killed function ends with Runtime.ExitError. See docs/worst-case.md. Default no.
   */
  readonly worstCase?: boolean;
  /**
   * AWS's default quotas of an account hold: calls beyond them are refused with the error of their service. A quota that was raised is given
   * by its call, in calls a second: `{ 'cognito-identity:GetId': 150 }`. Default: no quota holds. See docs/services.md.
   */
  readonly quotas?: Quotas;
  /**
   * Retries of state machines and of event source mappings do not wait. In the worst case, where AWS's delays pass on the clock, each retry
   * moves the clock by the time that it would have waited. Default no.
   */
  readonly instantRetries?: boolean;
  /** Starts all functions in the background, so that no first call waits for one. Default no: each starts when it is invoked. */
  readonly warm?: boolean;
  /** A folder in which V8 may keep the functions' compiled code, so that they start faster. Default none. */
  readonly compileCache?: string;
  /** Web applications served beside the API, by the path they are under: `{ '/shop': handler }`. Default none. */
  readonly sites?: Readonly<Record<string, Site>>;
  /** Ids of identity pools that the template uses but does not contain. Guests and the classic flow are on. Default none. */
  readonly identityPools?: readonly string[];
  /** Called with errors that no caller gets: a mapping template that reads a member that does not exist, a schedule that is refused. */
  readonly onProblem?: (problem: Error) => void;
}
