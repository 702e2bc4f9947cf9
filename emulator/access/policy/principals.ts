import type { Principal } from '../../service.ts';
import { objectOf, textsOf } from './json-values.ts';
import { PolicyError } from './policy-error.ts';
import { arnOf } from './request-context.ts';

/** Who wants to assume a role: a service, or an identity of an identity provider. */
export type TrustedParty = { readonly service: string } | { readonly federated: string };

/**
 * How directly a Principal element names the caller. `everyone` and `session` grant to the session itself, `role` only
 * within its session policy, `account` only hands the decision to the account's own policies.
 */
export type PrincipalMatch = 'everyone' | 'session' | 'role' | 'account';

export interface PrincipalElement {
  /** The most direct naming of the caller; undefined when it is not named at all. */
  names(principal: Principal, accountId: string): PrincipalMatch | undefined;
  namesParty(party: TrustedParty): boolean;
}

const arnForm =
  /^arn:aws:(?:iam::\d{12}:(?:root|role\/[\w+=,.@/-]+|user\/[\w+=,.@/-]+)|sts::\d{12}:(?:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+))$/;

const readAws = (value: string): string => {
  if (value === '*' || arnForm.test(value)) return value;
  if (/^\d{12}$/.test(value)) return `arn:aws:iam::${value}:root`;
  throw new PolicyError(`The principal ${value} is not supported`);
};

const readService = (value: string): string => {
  if (!/^[\w.-]+\.amazonaws\.com$/.test(value))
    throw new PolicyError(`The service principal ${value} is not supported`);
  return value;
};

const readers: Readonly<Record<string, (value: string) => string>> = {
  AWS: readAws,
  Service: readService,
  Federated: (value) => value,
};

const readElement = (element: unknown, kind: 'resource' | 'trust'): ReadonlyMap<string, readonly string[]> => {
  if (element === '*') return new Map([['AWS', ['*']]]);
  return new Map(
    Object.entries(objectOf(element, 'Principal')).map(([type, values]) => {
      const read = readers[type];
      if (!read) throw new PolicyError(`Principals of type ${type} are not supported`);
      if (type === 'Federated' && kind === 'resource') {
        throw new PolicyError('Federated principals are supported in trust policies only');
      }
      return [type, textsOf(values, `Principal ${type}`).map(read)];
    }),
  );
};

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * @throws PolicyError for a type or form of principal that is not supported.
 */
export const compilePrincipal = (element: unknown, kind: 'resource' | 'trust'): PrincipalElement => {
  const named = readElement(element, kind);
  const aws = new Set(named.get('AWS'));
  const services = new Set(named.get('Service'));
  const federated = new Set(named.get('Federated'));
  return {
    names: (principal, accountId) => {
      if (aws.has('*')) return 'everyone';
      if (principal.type === 'anonymous') return undefined;
      if (aws.has(arnOf(principal, accountId))) return 'session';
      if (principal.type === 'role' && aws.has(principal.roleArn)) return 'role';
      return aws.has(`arn:aws:iam::${accountId}:root`) ? 'account' : undefined;
    },
    namesParty: (party) =>
      aws.has('*') || ('service' in party ? services.has(party.service) : federated.has(party.federated)),
  };
};

/**
 * A NotPrincipal element as the set of those it denies: everybody but a caller who is listed together with its account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export const compileNotPrincipal = (element: unknown): PrincipalElement => {
  const listed = new Set(readElement(element, 'resource').get('AWS'));
  if (listed.has('*')) throw new PolicyError('NotPrincipal * is not supported');
  return {
    names: (principal, accountId) => {
      const account = listed.has(`arn:aws:iam::${accountId}:root`);
      const role = principal.type === 'role' && listed.has(principal.roleArn);
      return account && (role || listed.has(arnOf(principal, accountId))) ? undefined : 'everyone';
    },
    namesParty: () => true,
  };
};
