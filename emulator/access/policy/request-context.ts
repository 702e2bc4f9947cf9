import type { EpochMilliseconds } from '../../clock.ts';
import type { Permission, Principal } from '../../service.ts';

export type ContextValue = string | readonly string[];

/** Returns the request's value of a condition key, whose name is given in lower case. Undefined when the request has no such key. */
export type RequestContext = (key: string) => ContextValue | undefined;

export interface RequestFacts {
  readonly principal: Principal;
  readonly permission: { readonly context?: Permission['context'] | undefined };
  readonly now: EpochMilliseconds;
  readonly accountId: string;
  readonly region: string;
  /** Tags of the caller's role, as aws:PrincipalTag. */
  readonly principalTags?: Readonly<Record<string, string>> | undefined;
}

const principalTypes = { anonymous: 'Anonymous', administrator: 'User', role: 'AssumedRole' } as const;

/** aws:userid by kind of principal: the table of principal key values in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
export const userIdOf = (principal: Principal): string => {
  if (principal.type === 'anonymous') return 'anonymous';
  if (principal.type === 'administrator') return 'AIDALOCALADMINISTRATO';
  return `${principal.roleId}:${principal.sessionName}`;
};

/** The caller's ARN: of a session, not of its role. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const arnOf = (principal: Principal, accountId: string): string => {
  if (principal.type === 'role') {
    return `arn:aws:sts::${accountId}:assumed-role/${principal.roleName}/${principal.sessionName}`;
  }
  return principal.type === 'administrator' ? `arn:aws:iam::${accountId}:user/local` : 'anonymous';
};

/** aws:PrincipalArn: of an assumed role it is the role's ARN, not the session's. */
const principalArn = (principal: Principal, accountId: string): string | undefined => {
  if (principal.type === 'anonymous') return undefined;
  return principal.type === 'role' ? principal.roleArn : arnOf(principal, accountId);
};

const find = (context: Permission['context'], key: string): ContextValue | undefined => {
  if (!context) return undefined;
  const name = Object.keys(context).find((candidate) => candidate.toLowerCase() === key);
  return name === undefined ? undefined : context[name];
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const globalValue = (facts: RequestFacts, key: string): ContextValue | undefined => {
  const { principal, now, accountId } = facts;
  switch (key) {
    case 'aws:securetransport':
      return 'true'; // loopback stands in for TLS
    case 'aws:currenttime':
      return new Date(now).toISOString();
    case 'aws:tokenissuetime':
      // Temporary credentials carry the time when they were issued. A session without credentials is made for the call.
      return principal.type === 'role' ? new Date(now).toISOString() : undefined;
    case 'aws:epochtime':
      return String(Math.floor(now / 1000));
    case 'aws:userid':
      return userIdOf(principal);
    case 'aws:username':
      return principal.type === 'administrator' ? 'local' : undefined;
    case 'aws:principalarn':
      return principalArn(principal, accountId);
    case 'aws:principalaccount':
      return principal.type === 'anonymous' ? undefined : accountId;
    case 'aws:principaltype':
      return principalTypes[principal.type];
    case 'aws:requestedregion':
      return facts.region;
    case 'aws:resourceaccount':
      return accountId;
    case 'aws:sourceip':
      return '127.0.0.1';
    case 'aws:principalisawsservice':
    case 'aws:viaawsservice':
      return 'false';
    default:
      return undefined;
  }
};

const tagPrefix = 'aws:principaltag/';

/** Returns the context of a request. A value is computed when a policy asks for its key. */
export const requestContext = (facts: RequestFacts): RequestContext => {
  const session = facts.principal.type === 'role' ? facts.principal.context : undefined;
  return (key) =>
    find(facts.permission.context, key) ??
    find(session, key) ??
    (key.startsWith(tagPrefix) ? find(facts.principalTags, key.slice(tagPrefix.length)) : globalValue(facts, key));
};
