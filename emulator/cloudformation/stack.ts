import type { Parameters, Permission } from '../service.ts';
import { AwsError } from '../service.ts';
import type { LoadedTemplate } from '../template/index.ts';
import { textOf } from '../values.ts';

export interface Stack {
  readonly id: string;
  readonly stackName: string;
  readonly created: Date;
  readonly accountId: string;
  readonly region: string;
  readonly template: LoadedTemplate;
  readonly outputs: Readonly<Record<string, string>>;
}

export const validationError = (message: string) => new AwsError('ValidationError', message);

/** A stack is identified by its name or its id. Assumed: the message. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html @throws AwsError ValidationError when there is none of that name */
export const checkStack = ({ id, stackName }: Stack, name: unknown): void => {
  if (name === id || name === stackName) return;
  throw validationError(`Stack with id ${textOf(name)} does not exist`);
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html */
export const stackPermission =
  (stack: Stack, action: string) =>
  ({ StackName: name }: Parameters): readonly Permission[] => [
    {
      action: `cloudformation:${action}`,
      resource:
        name === stack.stackName || name === stack.id
          ? stack.id
          : name === undefined
            ? '*'
            : `arn:aws:cloudformation:${stack.region}:${stack.accountId}:stack/${textOf(name)}/*`,
    },
  ];
