import type { Action } from '../service.ts';
import { findMachine, machineArnOf } from './execution-request.ts';
import type { Machines } from './machines.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html */
export const describeStateMachine = (machines: Machines): Action => ({
  permissions: (parameters) => [{ action: 'states:DescribeStateMachine', resource: machineArnOf(parameters) }],
  run: (parameters) => {
    const { arn, name, roleArn, text } = findMachine(machines, parameters).definition;
    return {
      stateMachineArn: arn,
      name,
      status: 'ACTIVE',
      definition: text,
      roleArn,
      type: 'EXPRESS',
      creationDate: machines.created / 1000,
    };
  },
});
