import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { CloudWatchState } from '../state.ts';

const refusedParameters = ['ChildrenOfAlarmName', 'ParentsOfAlarmName'];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export const describeAlarms = ({ alarms, refresh, accountId, region }: CloudWatchState): Action => ({
  permissions: () => [
    { action: 'cloudwatch:DescribeAlarms', resource: `arn:aws:cloudwatch:${region}:${accountId}:alarm:*` },
  ],
  run: async (parameters) => {
    const used = refusedParameters.find((name) => parameters[name] !== undefined);
    if (used !== undefined) throw new AwsError('ValidationError', `The emulator does not support ${used}.`);
    const { AlarmNames, AlarmNamePrefix, StateValue, ActionPrefix, AlarmTypes, MaxRecords, NextToken } = parameters;
    const names = Array.isArray(AlarmNames) ? new Set<unknown>(AlarmNames) : undefined;
    const [namePrefix, actionPrefix] = [AlarmNamePrefix, ActionPrefix].map((prefix) =>
      typeof prefix === 'string' ? prefix : '',
    );
    await refresh();
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
