import * as z from 'zod/mini';
import type { LoadedTemplate, Resource } from '../template/index.ts';
import { readProperties } from '../template/read-properties.ts';

/** A state machine as the template has it. */
export interface MachineDefinition {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** The Amazon States Language text, everything in it resolved. */
  readonly text: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachine.html */
const machineProperties = z.object({
  StateMachineType: z.optional(z.string()),
  RoleArn: z.string(),
  DefinitionString: z.optional(z.string()),
  DefinitionSubstitutions: z.optional(z.record(z.string(), z.unknown())),
});

const readMachine = (resource: Resource): MachineDefinition => {
  const { logicalId, ref, attributes } = resource;
  const { StateMachineType: type, RoleArn: roleArn, ...definition } = readProperties(resource, machineProperties);
  if (type !== 'EXPRESS') throw new Error(`${logicalId}: only Express state machines are supported`);
  const text = definition.DefinitionString;
  if (text === undefined) throw new Error(`${logicalId}: only a DefinitionString is supported`);
  const substitutions = definition.DefinitionSubstitutions ?? {};
  const resolved = text.replace(/\$\{([\w.-]+)\}/g, (placeholder, name: string) => {
    if (!(name in substitutions)) throw new Error(`${logicalId}: nothing is substituted for ${placeholder}`);
    return String(substitutions[name]);
  });
  return { logicalId, name: attributes['Name'] ?? '', arn: ref, roleArn, text: resolved };
};

/** The template's state machines. @throws Error naming the resource and what is not supported in it. */
export const readMachines = (template: LoadedTemplate): readonly MachineDefinition[] =>
  template.ofType('AWS::StepFunctions::StateMachine').map(readMachine);
