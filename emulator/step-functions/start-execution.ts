import type { Action } from '../service.ts';
import type { Machines } from './machines.ts';
import { executionRequest, machineArnOf } from './execution-request.ts';

/** Starts an Express execution and does not wait for it. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
export const startExecution = (machines: Machines): Action => ({
  permissions: (parameters) => [{ action: 'states:StartExecution', resource: machineArnOf(parameters) }],
  run: (parameters) => {
    const { machine, input, name } = executionRequest(machines, parameters);
    const { arn, started } = machine.start(input, name);
    return { executionArn: arn, startDate: started / 1000 };
  },
});
