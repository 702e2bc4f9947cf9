import type { Access } from './access/index.ts';
import { roleSession } from './access/index.ts';
import type { RolePrincipal } from './service.ts';

/**
 * The services of AWS that act for the template's resources. A trust policy can ask for the resource, by aws:SourceArn.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export type ServicePrincipal =
  | 'apigateway.amazonaws.com'
  | 'events.amazonaws.com'
  | 'lambda.amazonaws.com'
  | 'scheduler.amazonaws.com'
  | 'states.amazonaws.com';

/** A resource that acts with a role. */
export interface Actor {
  readonly service: ServicePrincipal;
  /** The resource's ARN, as a trust policy may ask for it. */
  readonly sourceArn: string;
  readonly sessionName: string;
}

/** Assumes a role for a resource, the same session every time. @throws Error unless the role trusts it. */
export type ServiceRoles = (roleArn: string, actor: Actor) => RolePrincipal;

export const createServiceRoles = (access: Access, accountId: string): ServiceRoles => {
  const sessions = new Map<string, RolePrincipal>();
  return (roleArn, { service, sourceArn, sessionName }) => {
    const key = `${roleArn} ${sourceArn}`;
    const known = sessions.get(key);
    if (known) return known;
    const role = access.role(roleArn);
    const context = { 'aws:SourceAccount': accountId, 'aws:SourceArn': sourceArn };
    if (!access.trusts(role, { party: { service }, action: 'sts:AssumeRole', context })) {
      throw new Error(`${roleArn} does not trust ${service} for ${sourceArn}`);
    }
    const session = roleSession(role, sessionName.slice(0, 64));
    sessions.set(key, session);
    return session;
  };
};
