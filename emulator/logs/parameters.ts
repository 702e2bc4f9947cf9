import type { Parameters, Permission } from '../service.ts';
import { AwsError } from '../service.ts';
import { invalidParameter, noLogGroup } from './errors.ts';
import type { LogGroup } from './log-group.ts';
import type { LogStore } from './log-store.ts';

export interface LogsState {
  readonly store: LogStore;
  readonly accountId: string;
  readonly region: string;
}

const malformed = (name: string, type: string) =>
  new AwsError('SerializationException', `${name} can not be converted to ${type}`);

/** The constraints are those of the service model (@aws-sdk/client-cloudwatch-logs). @throws AwsError SerializationException */
export const text = (parameters: Parameters, name: string): string | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw malformed(name, 'a String');
  return value;
};

/** @throws AwsError SerializationException */
export const integer = (parameters: Parameters, name: string): number | undefined => {
  const value = parameters[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw malformed(name, 'an Integer');
  return value;
};

/** @throws AwsError InvalidParameterException when it is not from 1 to `max` */
export const limitOf = (parameters: Parameters, byDefault: number, max = byDefault): number => {
  const limit = integer(parameters, 'limit') ?? byDefault;
  if (limit >= 1 && limit <= max) return limit;
  throw invalidParameter(`1 validation error detected: Value '${limit}' at 'limit' must be from 1 to ${max}`);
};

/** @throws AwsError naming a parameter that is not supported */
export const refuse = (parameters: Parameters, ...names: readonly string[]): void => {
  const used = names.find((name) => parameters[name] !== undefined && parameters[name] !== false);
  if (used !== undefined) throw invalidParameter(`The emulator does not support ${used} of CloudWatch Logs.`);
};

/** The group's name; an identifier may be its ARN as well. */
export const groupName = (parameters: Parameters): string => {
  const identifier = text(parameters, 'logGroupIdentifier');
  const name = text(parameters, 'logGroupName') ?? identifier?.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, '');
  if (parameters['logGroupName'] !== undefined && identifier !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup identifier are mutually exclusive parameters.');
  }
  if (name !== undefined && name !== '') return name;
  throw invalidParameter('Either logGroupName or logGroupIdentifier must be specified.');
};

/** @throws AwsError ResourceNotFoundException */
export const findGroup = ({ store }: LogsState, parameters: Parameters): LogGroup => {
  const group = store.find(groupName(parameters));
  if (!group) throw noLogGroup();
  return group;
};

export const groupArn = ({ accountId, region }: LogsState, name: string): string =>
  `arn:aws:logs:${region}:${accountId}:log-group:${name}`;

/**
 * The permission for a group, or for a stream of it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
export const groupPermission =
  (state: LogsState, action: string, stream?: (parameters: Parameters) => string) =>
  (parameters: Parameters): readonly Permission[] => [
    {
      action: `logs:${action}`,
      resource: `${groupArn(state, groupName(parameters))}:${stream ? `log-stream:${stream(parameters)}` : '*'}`,
    },
  ];
