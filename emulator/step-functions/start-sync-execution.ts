import type { Action } from '../service.ts';
import type { ExecutionResult } from './executions.ts';
import type { Machines } from './machines.ts';
import { executionRequest, machineArnOf } from './execution-request.ts';

const seconds = (milliseconds: number): number => milliseconds / 1000;

const included = { included: true };

const outcome = ({ status, output, error, cause }: ExecutionResult): object => ({
  status,
  ...(status === 'SUCCEEDED' && { output: JSON.stringify(output), outputDetails: included }),
  ...(error !== undefined && { error }),
  ...(cause !== undefined && { cause }),
});

/** Answers 200 also when the execution fails or times out: `status` says so. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html */
export const startSyncExecution = (machines: Machines): Action => ({
  permissions: (parameters) => [{ action: 'states:StartSyncExecution', resource: machineArnOf(parameters) }],
  run: async (parameters) => {
    const { machine, input, inputText, name } = executionRequest(machines, parameters);
    const execution = machine.start(input, name);
    const result = await execution.ended;
    return {
      executionArn: execution.arn,
      stateMachineArn: machine.definition.arn,
      name: execution.name,
      startDate: seconds(result.started),
      stopDate: seconds(result.stopped),
      input: inputText,
      inputDetails: included,
      ...outcome(result),
    };
  },
});
