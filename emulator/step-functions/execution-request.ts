import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { messageOf } from '../values.ts';
import type { Json } from './json.ts';
import { parseJson } from './json.ts';
import type { Machine } from './machine.ts';
import type { Machines } from './machines.ts';
import { quotas } from './quotas.ts';

/** The parameters of both actions that start an execution. */
export interface ExecutionRequest {
  readonly machine: Machine;
  readonly input: Json;
  readonly inputText: string;
  readonly name: string | undefined;
}

/** The ARN in a request. Empty when there is none: no policy allows it, and no machine has it. */
export const machineArnOf = ({ stateMachineArn: arn }: Parameters): string => (typeof arn === 'string' ? arn : '');

/** @throws AwsError StateMachineDoesNotExist */
export const findMachine = ({ all }: Machines, parameters: Parameters): Machine => {
  const arn = machineArnOf(parameters);
  const machine = all.find(({ definition }) => definition.arn === arn);
  if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return machine;
};

const readInput = (text: string): Json => {
  if (Buffer.byteLength(text) > quotas.payloadBytes) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${quotas.payloadBytes}`,
    );
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${messageOf(error)}'`);
  }
};

/** Names hold no blanks, brackets, wildcards, control or special characters. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html */
const invalidName = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

const isName = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && name.length <= quotas.executionNameCharacters && !invalidName.test(name);

/** @throws AwsError StateMachineDoesNotExist, InvalidExecutionInput, InvalidName, ValidationException */
export const executionRequest = (machines: Machines, parameters: Parameters): ExecutionRequest => {
  const machine = findMachine(machines, parameters);
  const { input: text = '{}', name } = parameters;
  if (typeof text !== 'string') throw new AwsError('SerializationException', 'input must be a string');
  if (name !== undefined && !isName(name)) throw new AwsError('InvalidName', `Invalid Name: ${JSON.stringify(name)}`);
  return { machine, input: readInput(text), inputText: text, name };
};
