import type { Calls } from './calls.ts';
import type { Clock } from './clock.ts';
import type { EventSourceMapping, Kinesis } from './kinesis/index.ts';
import { createEventSourceMapping } from './kinesis/event-source-mapping/create-event-source-mapping.ts';
import type { FunctionDefinition } from './lambda/function-definition.ts';
import type { Invoke } from './lambda/service.ts';
import type { RolePrincipal } from './service.ts';
import type { LoadedTemplate } from './template/index.ts';

export interface MappingsOptions {
  readonly template: LoadedTemplate;
  readonly clock: Clock;
  readonly region: string;
  readonly kinesis: Kinesis;
  readonly functions: readonly FunctionDefinition[];
  readonly calls: Calls;
  readonly invoke: Invoke;
  readonly assumeRole: (definition: FunctionDefinition) => RolePrincipal;
  readonly instantRetries: boolean;
  readonly onProblem: (problem: Error) => void;
}

const never = new AbortController().signal;

/** Starts the template's event source mappings. @throws Error naming what is not supported in one. */
export const startMappings = (options: MappingsOptions): readonly EventSourceMapping[] => {
  const { template, clock, region, kinesis, functions, calls, invoke, assumeRole, instantRetries, onProblem } = options;
  return template.ofType('AWS::Lambda::EventSourceMapping').map(({ logicalId, properties }) => {
    const target = functions.find(({ name, arn }) => [name, arn].includes(properties['FunctionName'] as string));
    if (!target) throw new Error(`${logicalId}: its function is not in the template`);
    const call = { principal: assumeRole(target), signal: never, baseUrl: '' };
    return createEventSourceMapping({
      properties,
      clock,
      region,
      kinesis,
      instantRetries,
      onProblem,
      functionArn: target.arn,
      call: (service, action, parameters) => calls.run(service, action, parameters, call),
      invoke: async (_name, event) => JSON.parse(await invoke(target.arn, JSON.stringify(event))) as unknown,
    });
  });
};
