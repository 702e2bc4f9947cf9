import type { HttpRequest } from '../protocols/http.ts';
import type { EpochMilliseconds } from '../clock.ts';
import type { Permission, PolicyDocument, Principal, RolePrincipal } from '../service.ts';
import type { Role } from './role.ts';

export { roleSession } from './role.ts';
export type { Role } from './role.ts';

/** Keys as STS issues them. */
export interface TemporaryKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expires: EpochMilliseconds;
}

/** Who may do what: signatures, keys and policies. */
export interface Access {
  readonly roles: readonly Role[];
  /** The role with this ARN. @throws Error when the template has none. */
  role(arn: string): Role;
  /**
   * Who sent the request, by its signature for `service` (the name in the credential scope: `sqs`, `execute-api`).
   * @throws AwsError as AWS refuses unsigned, wrongly signed, expired and future requests.
   */
  authenticate(request: HttpRequest, service: string): Principal;
  /** @throws AwsError AccessDenied unless every permission is allowed; PolicyError when a policy has what we do not know. */
  authorize(principal: Principal, permissions: readonly Permission[]): void;
  /** Like authorize, as an answer. */
  allows(principal: Principal, permission: Permission): boolean;
  /** New temporary keys that stand for `principal` until `expires`. */
  issueKeys(principal: RolePrincipal, expires: EpochMilliseconds): TemporaryKeys;
  /**
   * Reads the text of a resource's policy, such as a queue's; the object to pass as Permission.resourcePolicy (keep it: what
   * it compiles to is remembered by its identity). @throws PolicyError naming what is malformed or not supported.
   */
  readResourcePolicy(text: string): PolicyDocument;
}
