import { roleSession } from '../access/index.ts';
import type { Action, Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { textOf } from '../values.ts';
import type { IamState } from './state.ts';

const known = /^(PolicySourceArn|ActionNames\.member\.\d+|ResourceArns\.member\.\d+)$/;

/** The items of a list as the query protocol has it: `ActionNames.member.1`. */
const listOf = (parameters: Parameters, name: string): string[] =>
  Object.entries(parameters).flatMap(([key, value]) => (key.startsWith(`${name}.member.`) ? [textOf(value)] : []));

/**
 * Whether a role's own policies allow actions. An action that a policy denies is answered `implicitDeny` too; AWS answers `explicitDeny`.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export const simulatePrincipalPolicy = ({ access }: IamState): Action => ({
  permissions: ({ PolicySourceArn: arn }) => [{ action: 'iam:SimulatePrincipalPolicy', resource: textOf(arn) }],
  run: (parameters) => {
    const unknown = Object.keys(parameters).find((name) => !known.test(name));
    if (unknown !== undefined) throw new AwsError('InvalidInput', `The emulator does not support ${unknown}`);
    const role = access.findRole(textOf(parameters['PolicySourceArn']));
    if (!role) throw new AwsError('NoSuchEntity', `There is no ${textOf(parameters['PolicySourceArn'])}`);
    const principal = roleSession(role, 'simulation');
    const resources = listOf(parameters, 'ResourceArns');
    return {
      EvaluationResults: listOf(parameters, 'ActionNames').flatMap((action) =>
        (resources.length === 0 ? ['*'] : resources).map((resource) => ({
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: access.allows(principal, { action, resource }) ? 'allowed' : 'implicitDeny',
        })),
      ),
      IsTruncated: false,
    };
  },
});
