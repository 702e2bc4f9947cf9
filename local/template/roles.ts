import type { Role } from '../access/role.ts';
import type { PolicyDocument } from '../service.ts';
import type { Resource } from './index.ts';

interface RoleProperties {
  readonly AssumeRolePolicyDocument: PolicyDocument;
  readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
  readonly MaxSessionDuration?: number | string;
}

interface PolicyProperties {
  readonly PolicyDocument: PolicyDocument;
  readonly Roles?: readonly string[];
}

/** AWS's own default, seconds. */
const defaultMaxSession = 3600;

/**
 * The roles of the template with the policies it gives them. Policies that AWS manages are not in the template: what they
 * allow is refused here.
 */
export const readRoles = (resources: readonly Resource[]): readonly Role[] => {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const attached = ofType('AWS::IAM::Policy').map(({ properties }) => properties as unknown as PolicyProperties);
  return ofType('AWS::IAM::Role').map(({ ref, attributes, properties }) => {
    const role = properties as unknown as RoleProperties;
    return {
      arn: attributes['Arn'] ?? '',
      name: ref,
      id: attributes['RoleId'] ?? '',
      trustPolicy: role.AssumeRolePolicyDocument,
      policies: [
        ...(role.Policies ?? []).map(({ PolicyDocument }) => PolicyDocument),
        ...attached.filter(({ Roles = [] }) => Roles.includes(ref)).map(({ PolicyDocument }) => PolicyDocument),
      ],
      maxSessionSeconds: Number(role.MaxSessionDuration ?? defaultMaxSession),
    };
  });
};
