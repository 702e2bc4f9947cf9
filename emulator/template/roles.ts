import { checkPolicy } from '../access/policy/policy.ts';
import { PolicyError } from '../access/policy/policy-error.ts';
import type { PolicyKind } from '../access/policy/statement.ts';
import type { Role } from '../access/role.ts';
import type { PolicyDocument } from '../service.ts';
import type { Resource } from './index.ts';
import { awsManagedPolicies } from './managed-policies.ts';
import { listAt, objectAt, TemplateError, textAt } from './template-error.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-role.html */
const defaultSessionSeconds = 3600;

const roleProperties = new Set([
  ...['AssumeRolePolicyDocument', 'Description', 'ManagedPolicyArns', 'MaxSessionDuration'],
  ...['Policies', 'RoleName', 'Tags'],
]);

const policyDocument = (value: unknown, kind: PolicyKind, location: string): PolicyDocument => {
  try {
    return checkPolicy(value, kind);
  } catch (error) {
    if (error instanceof PolicyError) throw new TemplateError(`${location}: ${error.message}`);
    throw error;
  }
};

/**
 * A policy and the roles it is attached to, by name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-policy.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-managedpolicy.html
 */
interface AttachedPolicy {
  readonly arn: string | undefined;
  readonly roles: readonly string[];
  readonly document: PolicyDocument;
}

const attachedPolicy = ({ logicalId, type, ref, properties }: Resource): AttachedPolicy => {
  for (const name of ['Users', 'Groups']) {
    if (name in properties) throw new TemplateError(`${logicalId}: ${name} are not supported`);
  }
  return {
    arn: type === 'AWS::IAM::ManagedPolicy' ? ref : undefined,
    roles: listAt(properties['Roles'] ?? [], `${logicalId}.Roles`).map((role) => textAt(role, `${logicalId}.Roles`)),
    document: policyDocument(properties['PolicyDocument'], 'identity', `${logicalId}.PolicyDocument`),
  };
};

const managedPolicy = (arn: string, policies: readonly AttachedPolicy[], location: string): PolicyDocument => {
  const document = policies.find((policy) => policy.arn === arn)?.document ?? awsManagedPolicies[arn];
  if (document) return document;
  throw new TemplateError(`${location}: the managed policy ${arn} is not known here`);
};

const tagsOf = (value: unknown, location: string): Record<string, string> =>
  Object.fromEntries(
    listAt(value ?? [], location).map((tag) => {
      const { Key, Value } = objectAt(tag, location);
      return [textAt(Key, location), textAt(Value, location)];
    }),
  );

const roleOf = (resource: Resource, policies: readonly AttachedPolicy[]): Role => {
  const { logicalId, properties, ref, attributes } = resource;
  const unknown = Object.keys(properties).find((name) => !roleProperties.has(name));
  if (unknown !== undefined) throw new TemplateError(`${logicalId}: ${unknown} of a role is not supported`);
  const { Policies = [], ManagedPolicyArns = [], MaxSessionDuration = defaultSessionSeconds, Tags } = properties;
  const inline = listAt(Policies, `${logicalId}.Policies`).map((policy) =>
    policyDocument(objectAt(policy, `${logicalId}.Policies`)['PolicyDocument'], 'identity', `${logicalId}.Policies`),
  );
  const managed = listAt(ManagedPolicyArns, `${logicalId}.ManagedPolicyArns`).map((arn) =>
    managedPolicy(textAt(arn, logicalId), policies, logicalId),
  );
  return {
    arn: attributes['Arn'] ?? '',
    name: ref,
    id: attributes['RoleId'] ?? '',
    trustPolicy: policyDocument(
      properties['AssumeRolePolicyDocument'],
      'trust',
      `${logicalId}.AssumeRolePolicyDocument`,
    ),
    policies: [
      ...inline,
      ...managed,
      ...policies.filter(({ roles }) => roles.includes(ref)).map(({ document }) => document),
    ],
    maxSessionSeconds: Number(MaxSessionDuration),
    tags: tagsOf(Tags, `${logicalId}.Tags`),
  };
};

/** Every role with its policies, wherever they are written. @throws TemplateError for a policy that is not supported. */
export const rolesOf = (resources: readonly Resource[]): readonly Role[] => {
  const policies = resources
    .filter(({ type }) => type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy')
    .map(attachedPolicy);
  return resources.filter(({ type }) => type === 'AWS::IAM::Role').map((resource) => roleOf(resource, policies));
};
