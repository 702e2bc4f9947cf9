import { hash, listConstructs } from './constructs.ts';
import { DeploymentError } from './errors.ts';
import type { Stack, StackResource } from './stack.ts';

/** The outputs that are read. infra/outputs.ts writes them. */
export const outputNames = [
  ...(['ServiceName', 'ApiUrl', 'EventStreamName', 'SessionTableName', 'MessageBucketName'] as const),
  ...(['RejectedQueueUrl', 'UndeliveredQueueUrl', 'FailedBatchBucketName', 'IdentityPoolId'] as const),
  ...(['BrowserRoleArn', 'CleanupMachineArn', 'DispatchMachineArn'] as const),
];
export type OutputName = (typeof outputNames)[number];

/** A part of a service that the construct repeats: a function, a machine or an alarm. */
export interface ServicePart extends StackResource {
  /** As its file is called: `deliver-batch`; an alarm as docs/operating.md calls it: `RecordsRejected`. */
  readonly name: string;
}

/** One SqsBrowser of a stack. */
export interface Service {
  /** The beginning of the names of its outputs: its id, after the ids of the constructs that contain it. Empty in this project's own stack. */
  readonly construct: string;
  /** The dimension of its metrics. */
  readonly name: string;
  readonly outputs: Readonly<Partial<Record<OutputName, string>>>;
  readonly functions: readonly (ServicePart & { readonly logGroup: string | undefined })[];
  readonly machines: readonly (ServicePart & { readonly logGroup: string | undefined })[];
  readonly alarms: readonly ServicePart[];
  /** The functions' roles. */
  readonly roles: readonly ServicePart[];
}

const kebabCase = (name: string): string => name.replaceAll(/(?<=.)[A-Z]/g, '-$&').toLowerCase();

/** A service's outputs among those of its stack. */
export const readOutputs = (outputs: Stack['outputs'], construct: string): Service['outputs'] =>
  Object.fromEntries(
    outputNames.flatMap((name) => {
      const key = new RegExp(`^${construct}${name}${hash}$`);
      const found = Object.entries(outputs).find(([each]) => key.test(each));
      return found ? [[name, found[1]]] : [];
    }),
  );

/** The resources of a type whose logical id says that they are this service's. @param id what follows the construct; its first group is the name */
const partsOf = ({ resources }: Stack, type: string, id: RegExp): ServicePart[] =>
  resources.flatMap((resource) => {
    const [, name] = resource.type === type ? (id.exec(resource.logicalId) ?? []) : [];
    return name === undefined ? [] : [{ ...resource, name }];
  });

const group = '(?:SessionWorkflows|CleanupWorkflow|DispatchWorkflow)';

const readService = (stack: Stack, construct: string): Service => {
  const outputs = readOutputs(stack.outputs, construct);
  const logs = stack.resources.filter(({ type }) => type === 'AWS::Logs::LogGroup');
  const logBeside = ({ logicalId }: ServicePart, last: string): string | undefined => {
    const parent = logicalId.slice(0, logicalId.lastIndexOf(last));
    return logs.find(({ logicalId: id }) => new RegExp(`^${parent}Log${hash}$`).test(id))?.physicalId;
  };
  const functions = partsOf(
    stack,
    'AWS::Lambda::Function',
    new RegExp(`^${construct}${group}(\\w+)Function${hash}$`),
  ).map((part) => ({ ...part, name: kebabCase(part.name), logGroup: logBeside(part, 'Function') }));
  // The CDK writes the name of a construct once that is in one of the same name: CleanupWorkflow.
  const machines = partsOf(
    stack,
    'AWS::StepFunctions::StateMachine',
    new RegExp(`^${construct}(?:SessionWorkflows)?(\\w+)WorkflowMachine${hash}$`),
  ).map((part) => ({ ...part, name: kebabCase(part.name), logGroup: logBeside(part, 'Machine') }));
  const alarms = partsOf(stack, 'AWS::CloudWatch::Alarm', new RegExp(`^${construct}Monitoring(\\w+?)${hash}$`));
  const roles = partsOf(stack, 'AWS::IAM::Role', new RegExp(`^${construct}${group}(\\w+)(?<!Machine)Role${hash}$`)).map(
    (part) => ({
      ...part,
      name: kebabCase(part.name),
    }),
  );
  return { construct, name: outputs.ServiceName ?? stack.name, outputs, functions, machines, alarms, roles };
};

/** A construct's id as the CDK writes it into names. */
const asInNames = (construct: string): string => construct.replaceAll(/[^A-Za-z0-9]/g, '');

/**
 * Selects a service of the stack.
 * @param construct its id, with those of the constructs it is in (`Backend/Push`); not needed where there is one
 * @throws DeploymentError that lists the services there are
 */
export const chooseService = (stack: Stack, construct?: string): Service => {
  const constructs = listConstructs(stack.outputs);
  const listed = constructs.map((each) => each || '(the stack itself)').join(', ');
  if (constructs.length === 0) {
    throw new DeploymentError(
      `The stack ${stack.name} has no outputs of an SqsBrowser: check --stack, and that the construct has not hasOutputs: false.`,
    );
  }
  if (construct === undefined) {
    const [only, ...others] = constructs;
    if (only !== undefined && others.length === 0) return readService(stack, only);
    throw new DeploymentError(
      `The stack ${stack.name} has ${constructs.length} services, ${listed}: choose one with --construct.`,
    );
  }
  const wanted = asInNames(construct);
  if (constructs.includes(wanted)) return readService(stack, wanted);
  throw new DeploymentError(`The stack ${stack.name} has no SqsBrowser called ${construct}; it has ${listed}.`);
};
