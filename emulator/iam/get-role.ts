import type { Role } from '../access/index.ts';
import { percentEncode } from '../percent-encoding.ts';
import type { Action } from '../service.ts';
import { AwsError } from '../service.ts';
import { textOf } from '../values.ts';
import type { IamState } from './state.ts';

/** The trust policy is percent-encoded JSON: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
const describe = (role: Role, created: Date): object => ({
  Path: '/',
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: created,
  AssumeRolePolicyDocument: percentEncode(JSON.stringify(role.trustPolicy)),
  MaxSessionDuration: role.maxSessionSeconds,
});

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export const getRole = ({ access, created }: IamState): Action => {
  const find = (name: unknown): Role | undefined => access.roles.find((role) => role.name === name);
  return {
    permissions: ({ RoleName: name }) => [{ action: 'iam:GetRole', resource: find(name)?.arn ?? '*' }],
    run: ({ RoleName: name }) => {
      const role = find(name);
      if (role) return { Role: describe(role, created) };
      throw new AwsError('NoSuchEntity', `The role with name ${textOf(name)} cannot be found.`);
    },
  };
};
