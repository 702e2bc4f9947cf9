import type { Action, Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { textOf } from '../values.ts';

/** A mapping of the template, as the actions show it and enable or disable it. */
export interface ListedMapping {
  readonly uuid: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly isEnabled: boolean;
  /** `No records processed`, `OK` or `PROBLEM: Function call failed`. */
  readonly lastResult: string;
  /** When it was last enabled or disabled, or else created: epoch milliseconds. */
  readonly modified: number;
  /** Once enabled, it reads on from where it was disabled. */
  setEnabled(isEnabled: boolean): void;
}

/** AWS goes through Enabling and Disabling; here a change is made at once. */
const describe = ({ uuid, functionArn, streamArn, isEnabled, lastResult, modified }: ListedMapping): object => ({
  UUID: uuid,
  FunctionArn: functionArn,
  EventSourceArn: streamArn,
  State: isEnabled ? 'Enabled' : 'Disabled',
  StateTransitionReason: 'USER_INITIATED',
  LastProcessingResult: lastResult,
  LastModified: modified / 1000,
});

const arnOf = ({ uuid, functionArn }: ListedMapping): string =>
  functionArn.replace(/:function:.*$/, `:event-source-mapping:${uuid}`);

/** A function is named by its name or its ARN. */
const isOf = (name: unknown, { functionArn }: ListedMapping): boolean =>
  name === undefined || name === functionArn || functionArn.endsWith(`:${textOf(name)}`);

const notSupported = (name: string) =>
  new AwsError('InvalidParameterValueException', `The emulator does not support ${name} of event source mappings`);

/**
 * The actions on event source mappings: to list them, and to disable and enable one.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 * Assumed: the messages.
 * @param mappings is filled when the mappings start
 */
export const mappingActions = (mappings: readonly ListedMapping[]): Readonly<Record<string, Action>> => {
  const known = (uuid: unknown) => mappings.find((each) => each.uuid === uuid);
  const permission = (action: string) => (parameters: Parameters) => {
    const mapping = known(parameters['UUID']);
    return [{ action: `lambda:${action}`, resource: mapping ? arnOf(mapping) : '*' }];
  };
  const find = (uuid: unknown): ListedMapping => {
    const mapping = known(uuid);
    if (mapping) return mapping;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.');
  };
  return {
    ListEventSourceMappings: {
      permissions: permission('ListEventSourceMappings'),
      run: ({ FunctionName: name, EventSourceArn: source, ...others }) => {
        const [unknown] = Object.keys(others);
        if (unknown !== undefined) throw notSupported(unknown);
        const listed = mappings.filter(
          (each) => isOf(name, each) && (source === undefined || source === each.streamArn),
        );
        return { EventSourceMappings: listed.map(describe) };
      },
    },
    GetEventSourceMapping: {
      permissions: permission('GetEventSourceMapping'),
      run: ({ UUID: uuid }) => describe(find(uuid)),
    },
    UpdateEventSourceMapping: {
      permissions: permission('UpdateEventSourceMapping'),
      run: ({ UUID: uuid, Enabled: isEnabled, ...others }) => {
        const mapping = find(uuid);
        const [unknown] = Object.keys(others);
        if (unknown !== undefined) throw notSupported(unknown);
        if (typeof isEnabled !== 'boolean') throw notSupported('an update without Enabled');
        mapping.setEnabled(isEnabled);
        return describe(mapping);
      },
    },
  };
};
