import type { Clock } from '../clock.ts';
import type { Permission, PolicyStatement, Principal } from '../service.ts';
import { accessDenied } from './denials.ts';
import type { Decision, Question } from './policy/evaluate.ts';
import { evaluate } from './policy/evaluate.ts';
import type { Policy } from './policy/policy.ts';
import { compilePolicy, readPolicy } from './policy/policy.ts';
import { arnOf, requestContext } from './policy/request-context.ts';
import type { Role } from './role.ts';

export interface AuthorizerOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly roles: ReadonlyMap<string, Role>;
}

export interface Authorizer {
  readonly decide: (principal: Principal, permission: Permission) => Decision;
  readonly authorize: (principal: Principal, permissions: readonly Permission[]) => void;
  readonly grantsUsed: (principal: Principal, permission: Permission) => readonly PolicyStatement[];
}

/** SQS names the action in lower case in its refusals; the others as policies do. https://github.com/aws/serverless-application-model/issues/3633 */
const spelled = (action: string): string => (action.startsWith('sqs:') ? action.toLowerCase() : action);

/** @throws PolicyError when a role has a policy that is not supported. */
export const createAuthorizer = ({ clock, accountId, region, roles }: AuthorizerOptions): Authorizer => {
  const identityPolicies = new Map<string, readonly Policy[]>(
    [...roles].map(([arn, role]) => [arn, role.policies.map((policy) => compilePolicy(policy, 'identity'))]),
  );

  const questionOf = (principal: Principal, permission: Permission): Question => {
    const { action, resource, resourcePolicy } = permission;
    const role = principal.type === 'role' ? principal : undefined;
    const principalTags = role && roles.get(role.roleArn)?.tags;
    return {
      principal,
      accountId,
      action,
      resource,
      context: requestContext({ principal, permission, now: clock.now(), accountId, region, principalTags }),
      identity: (role && identityPolicies.get(role.roleArn)) ?? [],
      session:
        role?.sessionPolicy === undefined
          ? undefined
          : compilePolicy(readPolicy(role.sessionPolicy, 'session'), 'session'),
      resourcePolicy: resourcePolicy && compilePolicy(resourcePolicy, 'resource'),
    };
  };

  const decide = (principal: Principal, permission: Permission): Decision =>
    principal.type === 'administrator' ? { allowed: true } : evaluate(questionOf(principal, permission));

  return {
    decide,
    authorize: (principal, permissions) => {
      for (const permission of permissions) {
        const decision = decide(principal, permission);
        if (decision.allowed) continue;
        const action = spelled(permission.action);
        const on = permission.resource === '*' ? '' : ` on resource: ${permission.resource}`;
        const because = decision.because.replace(permission.action, action);
        throw accessDenied(
          permission.action.split(':', 1)[0] ?? '',
          `User: ${arnOf(principal, accountId)} is not authorized to perform: ${action}${on} ${because}`,
        );
      }
    },
    grantsUsed: (principal, permission) => {
      const question = questionOf(principal, permission);
      return question.identity.flatMap((policy) =>
        policy.allows
          .filter((statement) => statement.applies(question.action, question.resource, question.context))
          .map((statement) => policy.source(statement)),
      );
    },
  };
};
