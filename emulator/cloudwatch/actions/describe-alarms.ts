import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { CloudWatchState } from '../state.ts';

const refusedParameters = ['ChildrenOfAlarmName', 'ParentsOfAlarmName'];

const maxAlarms = 100;

/** @throws AwsError ValidationError for what the API reference refuses, and what the emulator does not support */
const check = (parameters: Parameters): void => {
  const refuse = (message: string) => {
    throw new AwsError('ValidationError', message);
  };
  const used = refusedParameters.find((name) => parameters[name] !== undefined);
  if (used !== undefined) refuse(`The emulator does not support ${used}.`);
  const { AlarmNames: names, AlarmNamePrefix: prefix, MaxRecords: count = 1 } = parameters;
  if (names !== undefined && prefix !== undefined) refuse('AlarmNamePrefix cannot be specified with AlarmNames.');
  if (Array.isArray(names) && names.length > maxAlarms) refuse(`AlarmNames has more than ${maxAlarms} names.`);
  if (typeof count !== 'number' || count < 1 || count > maxAlarms) refuse(`MaxRecords must be 1 to ${maxAlarms}.`);
};

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 * Assumed: a page of 50 by default, the order of the template, and the messages of the errors.
 */
export const describeAlarms = ({ alarms, measure, accountId, region }: CloudWatchState): Action => ({
  permissions: () => [
    { action: 'cloudwatch:DescribeAlarms', resource: `arn:aws:cloudwatch:${region}:${accountId}:alarm:*` },
  ],
  run: (parameters) => {
    check(parameters);
    const { AlarmNames, AlarmNamePrefix, StateValue, ActionPrefix, AlarmTypes, MaxRecords, NextToken } = parameters;
    const names = Array.isArray(AlarmNames) ? new Set<unknown>(AlarmNames) : undefined;
    const [namePrefix, actionPrefix] = [AlarmNamePrefix, ActionPrefix].map((prefix) =>
      typeof prefix === 'string' ? prefix : '',
    );
    measure(alarms.flatMap(({ metrics }) => metrics));
    const found =
      Array.isArray(AlarmTypes) && !AlarmTypes.includes('MetricAlarm')
        ? []
        : alarms
            .map((alarm) => alarm.describe())
            .filter(
              (alarm) =>
                (!names || names.has(alarm.AlarmName)) &&
                alarm.AlarmName.startsWith(namePrefix ?? '') &&
                (StateValue === undefined || alarm.StateValue === StateValue) &&
                (actionPrefix === '' || alarm.AlarmActions.some((arn) => arn.startsWith(actionPrefix ?? ''))),
            );
    const start = Number(NextToken ?? 0);
    const end = start + (typeof MaxRecords === 'number' ? MaxRecords : 50);
    return {
      CompositeAlarms: [],
      MetricAlarms: found.slice(start, end),
      ...(end < found.length && { NextToken: String(end) }),
    };
  },
});
