import { neverAborted } from '../calls.ts';
import type { Calls } from '../calls.ts';
import { errorTypeOf } from '../lambda/function-error.ts';
import { isInvokeAnswer } from '../lambda/service.ts';
import type { RolePrincipal } from '../service.ts';
import { AwsError } from '../service.ts';
import type { MachineDefinition } from './machine-definition.ts';
import type { MachineOptions } from './machine.ts';

/** An error as a state's Retry and Catch see it: by name, with the cause as its text. */
const taskError = (name: string, cause: string): Error => Object.assign(new Error(cause), { name });

export interface TaskInvocationOptions {
  readonly calls: () => Pick<Calls, 'run'>;
  readonly assumeRole: (machine: MachineDefinition) => RolePrincipal;
}

/**
 * Runs a task's function with the permissions of the machine's role. A function that fails gives its error's type and, as
 * the cause, the JSON text of the error; a call that Lambda refuses gives an error of Lambda's own.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const taskInvocation =
  ({ calls, assumeRole }: TaskInvocationOptions): MachineOptions['invoke'] =>
  async (machine, functionArn, input) => {
    const call = { principal: assumeRole(machine), signal: neverAborted, baseUrl: '' };
    const parameters = { FunctionName: functionArn, Payload: input };
    const answer = await calls()
      .run('lambda', 'Invoke', parameters, call)
      .catch((error: unknown) => {
        if (!(error instanceof AwsError)) throw error;
        const isDenied = error.code.startsWith('AccessDenied');
        throw taskError(isDenied ? 'Lambda.AWSLambdaException' : `Lambda.${error.code}`, error.message);
      });
    if (!isInvokeAnswer(answer)) throw new TypeError('lambda:Invoke answered something else than a payload');
    if (answer.FunctionError === undefined) return answer.Payload;
    throw taskError(errorTypeOf(answer.Payload), answer.Payload);
  };
