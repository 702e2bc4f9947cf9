import type { Clock, EpochMilliseconds } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import type { HttpRequest } from '../protocols/http.ts';
import type { Permission, PolicyDocument, PolicyStatement, Principal, RolePrincipal } from '../service.ts';
import { createAuthorizer } from './authorizer.ts';
import type { TemporaryCredentials } from './credential-store.ts';
import { createCredentialStore } from './credential-store.ts';
import { trusts } from './policy/evaluate.ts';
import type { TrustedParty } from './policy/principals.ts';
import { compilePolicy, parsePolicy, readPolicy } from './policy/policy.ts';
import { requestContext } from './policy/request-context.ts';
import type { Role } from './role.ts';
import { verifySignature } from './signature/verify.ts';

export type { TemporaryCredentials } from './credential-store.ts';
export { PolicyError } from './policy/policy-error.ts';
export { arnOf, userIdOf } from './policy/request-context.ts';
export { roleSession } from './role.ts';
export type { Role } from './role.ts';

/** A request to assume a role. */
export interface TrustRequest {
  /** A service such as `lambda.amazonaws.com`, or the identity provider that vouches for the caller. */
  readonly party: TrustedParty;
  /** Such as sts:AssumeRole or sts:AssumeRoleWithWebIdentity. */
  readonly action: string;
  readonly context?: Permission['context'];
}

/** Who may do what: signatures, credentials and policies. */
export interface Access {
  readonly roles: readonly Role[];
  /** The role with this ARN; undefined when the template has none. */
  findRole(arn: string): Role | undefined;
  /** The role with this ARN. @throws Error when the template has none. */
  role(arn: string): Role;
  /** Whether the role's trust policy lets the party assume it. */
  trusts(role: Role, request: TrustRequest): boolean;
  /**
   * Returns who signed the request for `service` (the name in the credential scope: `sqs`, `execute-api`).
   * @throws AwsError as AWS refuses unsigned, wrongly signed, expired and future requests.
   */
  authenticate(request: HttpRequest, service: string): Principal;
  /** @throws AwsError AccessDenied unless every permission is allowed; PolicyError when a policy has an element that is not supported. */
  authorize(principal: Principal, permissions: readonly Permission[]): void;
  /** Whether `authorize` would allow it. */
  allows(principal: Principal, permission: Permission): boolean;
  /** The statements of the role's own policies that allow this: for a report of unused grants. */
  grantsUsed(principal: Principal, permission: Permission): readonly PolicyStatement[];
  /** Issues temporary credentials of `principal` that are valid until `expires`. */
  issueCredentials(principal: RolePrincipal, expires: EpochMilliseconds): TemporaryCredentials;
  /** Checks the text of a policy that a resource is to have, such as a queue's, and returns it as an object. @throws PolicyError naming what is malformed or not supported. */
  checkResourcePolicy(text: string): PolicyDocument;
  /** The policy that a resource has, from its text, to pass as Permission.resourcePolicy: the same object for the same text. @throws PolicyError */
  readResourcePolicy(text: string): PolicyDocument;
  /** @throws PolicyError naming what is malformed or not supported in the text of a session policy. */
  checkSessionPolicy(text: string): void;
}

export interface AccessOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly roles: readonly Role[];
  /** Credentials that may do everything. Default `local` / `local`. */
  readonly administrator?: { readonly accessKeyId: string; readonly secret: string };
  /** The machine's time, if requests may be signed with it too when the clock has been moved. Default: they may not. */
  readonly machineTime?: (() => EpochMilliseconds) | undefined;
  /** Where issued credentials are kept. Default: nowhere. */
  readonly state?: State;
}

/** @throws PolicyError when a role's policy holds anything that is not supported. */
export const createAccess = (options: AccessOptions): Access => {
  const { clock, accountId, region, roles, administrator = { accessKeyId: 'local', secret: 'local' } } = options;
  const byArn = new Map(roles.map((role) => [role.arn, role]));
  const authorizer = createAuthorizer({ clock, accountId, region, roles: byArn });
  const credentials = createCredentialStore(clock, administrator, options.state);
  for (const role of roles) compilePolicy(role.trustPolicy, 'trust');
  return {
    roles,
    findRole: (arn) => byArn.get(arn),
    role: (arn) => {
      const role = byArn.get(arn);
      if (!role) throw new Error(`The template has no role ${arn}`);
      return role;
    },
    trusts: (role, { party, action, context }) => {
      const permission = { context };
      const principal = { type: 'anonymous' } as const;
      const facts = { principal, permission, now: clock.now(), accountId, region };
      return trusts(compilePolicy(role.trustPolicy, 'trust'), { party, action, context: requestContext(facts) });
    },
    authenticate: (request, service) =>
      verifySignature(request, {
        credentials,
        region,
        service,
        now: clock.now(),
        machineTime: options.machineTime?.(),
      }),
    authorize: authorizer.authorize,
    allows: (principal, permission) => authorizer.decide(principal, permission).allowed,
    grantsUsed: authorizer.grantsUsed,
    issueCredentials: (principal, expires) => credentials.issue(principal, expires),
    readResourcePolicy: (text) => readPolicy(text, 'resource'),
    checkResourcePolicy: (text) => parsePolicy(text, 'resource'),
    checkSessionPolicy: (text) => void parsePolicy(text, 'session'),
  };
};
