import type { PolicyDocument, RolePrincipal } from '../service.ts';

/** An IAM role of the template. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  /** The unique id: `AROA` and 17 more characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
  readonly id: string;
  readonly trustPolicy: PolicyDocument;
  /** Inline policies and those attached by AWS::IAM::Policy. */
  readonly policies: readonly PolicyDocument[];
  readonly maxSessionSeconds: number;
  /** aws:PrincipalTag in policies. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A session of `role`, as AssumeRole makes it. */
export const roleSession = (
  role: Role,
  sessionName: string,
  extra: Pick<RolePrincipal, 'sessionPolicy' | 'context'> = {},
): RolePrincipal => ({
  type: 'role',
  roleArn: role.arn,
  roleName: role.name,
  roleId: role.id,
  sessionName,
  ...extra,
});
