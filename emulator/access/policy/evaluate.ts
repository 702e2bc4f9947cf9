import type { Principal } from '../../service.ts';
import type { Policy } from './policy.ts';
import type { PrincipalMatch, TrustedParty } from './principals.ts';
import type { RequestContext } from './request-context.ts';
import type { Statement } from './statement.ts';

/** A request and the policies that decide it. */
export interface Question {
  readonly principal: Principal;
  readonly accountId: string;
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  readonly identity: readonly Policy[];
  readonly session?: Policy | undefined;
  readonly resourcePolicy?: Policy | undefined;
}

/** Allowed, or the words after "is not authorized to perform …" in AWS's message. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

const allowed: Decision = { allowed: true };

const applies = (statement: Statement, { action, resource, context }: Question): boolean =>
  statement.applies(action, resource, context);

const grants = (policy: Policy, question: Question): boolean =>
  policy.allows.some((statement) => applies(statement, question));

/** Statements of identity and session policies have no principal: they apply to the caller. */
const concerns = ({ principal }: Statement, question: Question): boolean =>
  principal === undefined || principal.names(question.principal, question.accountId) !== undefined;

const denies = (policy: Policy | undefined, question: Question): boolean =>
  policy?.denies.some((statement) => concerns(statement, question) && applies(statement, question)) ?? false;

/** Which kind of policy denies the request explicitly. An explicit deny wins over every allow. */
const explicitDeny = (question: Question): string | undefined => {
  if (question.identity.some((policy) => denies(policy, question))) return 'an identity-based policy';
  if (denies(question.session, question)) return 'a session policy';
  return denies(question.resourcePolicy, question) ? 'a resource-based policy' : undefined;
};

/** How directly the resource's policy grants the request to the caller. */
const resourceGrant = (question: Question): PrincipalMatch | undefined => {
  const matches = question.resourcePolicy?.allows
    .filter((statement) => applies(statement, question))
    .map((statement) => statement.principal?.names(question.principal, question.accountId));
  return (['everyone', 'session', 'role'] as const).find((match) => matches?.includes(match));
};

const implicitDeny = (kind: string, { action }: Question): Decision => ({
  allowed: false,
  because: `because no ${kind} policy allows the ${action} action`,
});

/**
 * Decides within one account: an explicit deny anywhere decides; a resource policy that names the session (or everyone)
 * grants by itself; one that names the role grants within the session policy; otherwise the role's own policies must
 * grant, and the session policy, if there is one, as well.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const evaluate = (question: Question): Decision => {
  const denial = explicitDeny(question);
  if (denial !== undefined) return { allowed: false, because: `with an explicit deny in ${denial}` };
  const granted = resourceGrant(question);
  if (granted === 'everyone' || granted === 'session') return allowed;
  if (question.principal.type === 'anonymous') return implicitDeny('resource-based', question);
  if (granted !== 'role' && !question.identity.some((policy) => grants(policy, question))) {
    return implicitDeny('identity-based', question);
  }
  return !question.session || grants(question.session, question) ? allowed : implicitDeny('session', question);
};

export interface TrustQuestion {
  readonly party: TrustedParty;
  /** Such as sts:AssumeRoleWithWebIdentity. */
  readonly action: string;
  readonly context: RequestContext;
}

/** Whether a role's trust policy lets `party` assume the role. Only the trust policy decides. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html */
export const trusts = (policy: Policy, { party, action, context }: TrustQuestion): boolean => {
  const matches = (statement: Statement) =>
    (statement.principal?.namesParty(party) ?? false) && statement.applies(action, '*', context);
  return !policy.denies.some(matches) && policy.allows.some(matches);
};
