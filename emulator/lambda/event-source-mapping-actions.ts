import type { Action, Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { textOf } from '../values.ts';

/** A mapping of the template, to be looked at and switched. */
export interface ListedMapping {
  readonly uuid: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly isEnabled: boolean;
  /** `No records processed`, `OK` or `PROBLEM: Function call failed`. */
  readonly lastResult: string;
  /** Switching on reads on from where it was switched off. */
  setEnabled(isEnabled: boolean): void;
}

export interface MappingActionsOptions {
  /** Filled when the mappings start. */
  readonly mappings: readonly ListedMapping[];
  readonly now: () => number;
}

/** AWS goes through Enabling and Disabling; here a change is made at once. */
const describe = ({ uuid, functionArn, streamArn, isEnabled, lastResult }: ListedMapping, now: number): object => ({
  UUID: uuid,
  FunctionArn: functionArn,
  EventSourceArn: streamArn,
  State: isEnabled ? 'Enabled' : 'Disabled',
  StateTransitionReason: 'USER_INITIATED',
  LastProcessingResult: lastResult,
  LastModified: now / 1000,
});

const permission =
  (action: string) =>
  ({ UUID: uuid }: Parameters) => [
    {
      action: `lambda:${action}`,
      resource: uuid === undefined ? '*' : `arn:aws:lambda:*:*:event-source-mapping:${textOf(uuid)}`,
    },
  ];

/** A function is named by its name or its ARN. */
const isOf = (name: unknown, { functionArn }: ListedMapping): boolean =>
  name === undefined || name === functionArn || functionArn.endsWith(`:${textOf(name)}`);

/**
 * The actions on event source mappings: to list them, and to disable and enable one.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export const mappingActions = ({ mappings, now }: MappingActionsOptions): Readonly<Record<string, Action>> => {
  const find = (uuid: unknown): ListedMapping => {
    const mapping = mappings.find((each) => each.uuid === uuid);
    if (mapping) return mapping;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  };
  return {
    ListEventSourceMappings: {
      permissions: permission('ListEventSourceMappings'),
      run: ({ FunctionName: name, EventSourceArn: source }) => ({
        EventSourceMappings: mappings
          .filter((each) => isOf(name, each) && (source === undefined || source === each.streamArn))
          .map((each) => describe(each, now())),
      }),
    },
    GetEventSourceMapping: {
      permissions: permission('GetEventSourceMapping'),
      run: ({ UUID: uuid }) => describe(find(uuid), now()),
    },
    UpdateEventSourceMapping: {
      permissions: permission('UpdateEventSourceMapping'),
      run: ({ UUID: uuid, Enabled: isEnabled, ...others }) => {
        const mapping = find(uuid);
        const unknown = Object.keys(others)[0];
        if (unknown !== undefined || typeof isEnabled !== 'boolean') {
          throw new AwsError(
            'InvalidParameterValueException',
            `The emulator changes Enabled only, not ${unknown ?? 'nothing'}`,
          );
        }
        mapping.setEnabled(isEnabled);
        return describe(mapping, now());
      },
    },
  };
};
