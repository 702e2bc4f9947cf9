import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Deployment } from './deployment.ts';

export interface AlarmSummary {
  /** Its name in docs/operating.md: `RecordsRejected`; CloudWatch's name for an alarm that is not on that page. */
  readonly name: string;
  readonly alarmName: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly description: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** What to do about it, step by step. */
  readonly advice: readonly string[];
}

/** What to do about each alarm, as in docs/operating.md. */
export const advice: Readonly<Record<string, readonly string[]>> = {
  RecordsRejected: [
    'sqs-browser dead-letters list --from rejected: what is wrong with the records, and who sent them.',
    'Correct the producer.',
    'sqs-browser dead-letters discard --from rejected, or redrive if a newer version takes such records.',
  ],
  MessagesUndelivered: [
    'sqs-browser dead-letters list --from undelivered: ServiceUnavailable and Throttled are temporary; AccessDenied means that the role of deliver-batch was changed.',
    'When the cause is gone: sqs-browser dead-letters redrive --from undelivered --dry-run, then without --dry-run.',
  ],
  BatchesFailed: [
    'sqs-browser logs --function router --grep BATCH_NOT_DONE: why each attempt failed.',
    'sqs-browser runs --machine dispatch --failed: the state that failed, and its error.',
    'When the cause is gone: sqs-browser dead-letters redrive --from failed-batches --dry-run, then without --dry-run.',
  ],
  BatchesWaiting: [
    'sqs-browser dead-letters list --from failed-batches: the batches that wait in the bucket.',
    'When the cause is gone: sqs-browser dead-letters redrive --from failed-batches --dry-run, then without --dry-run.',
  ],
  BatchesLost: [
    'sqs-browser doctor: may the router still write to the bucket of failed batches?',
    'When the cause is gone: sqs-browser stream replay --since 3h --until 2h --dry-run for the hour in question, then without --dry-run.',
  ],
  RecordsDropped: [
    'sqs-browser doctor: may the router still write to the bucket of failed batches?',
    'When the cause is gone: sqs-browser stream replay --since 3h --until 2h --dry-run for the hour in question, then without --dry-run.',
  ],
  StreamNotRead: [
    'sqs-browser stream status: does the router read the stream, and how did its last batch end?',
    'sqs-browser stream resume goes on where it stopped; if it does not, sqs-browser doctor says what the router may not do.',
  ],
  StreamBehind: [
    'sqs-browser logs --function router --grep BATCH_NOT_DONE: is a batch being tried again? After an hour at the latest it is set aside, and the later ones go on.',
    'If not, give the stream more shards (-c shardCount=…), or find out whether somebody sends account-wide messages in a loop.',
  ],
  ApiFails: [
    'sqs-browser runs --failed: which machine fails, in which state and with which error.',
    'sqs-browser logs --grep TASK_: the function behind it logs TASK_REFUSED or TASK_BROKEN.',
    'Nothing has to be removed by hand: a cleanup removes what a failed request left.',
  ],
  DispatchFails: [
    'sqs-browser logs --function send-dead-letters --grep TASK_: why dead letters could not be sent.',
    'sqs-browser runs --machine dispatch --failed: the state that failed, and its error.',
  ],
  CleanupFails: [
    'sqs-browser runs --machine cleanup --failed: the state that failed; sqs-browser logs --function sweep-shard: why.',
    'sqs-browser cleanup starts one by hand. "complete": false in its answer only means that its time ran out.',
  ],
  PoolEmpty: [
    'Nothing is urgent: logins still work, but more slowly, and at most 25 a second (Cognito GetId).',
    'Deploy with a larger pool (-c poolSize=…): as many pairs as users log in at once.',
  ],
  PoolNotFilled: [
    'sqs-browser runs --machine fill-pool --failed, and sqs-browser logs --function fill-pool: why no pair could be made.',
    'Nothing has to be removed by hand: without a pair, a create makes its own queue and identity, and the pool is filled every minute.',
  ],
};

/**
 * The state of an alarm. When the data of an alarm that needs data end, CloudWatch shows INSUFFICIENT_DATA: then it has gone off. A new
 * alarm shows the same until its first data, for which it has the time of a period.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
 * @param now epoch milliseconds
 */
export const stateOf = (alarm: MetricAlarm, now: number): AlarmSummary['state'] => {
  const { StateValue = 'INSUFFICIENT_DATA', TreatMissingData, Period = 0 } = alarm;
  if (StateValue !== 'INSUFFICIENT_DATA' || TreatMissingData !== 'missing') return StateValue;
  const made = alarm.AlarmConfigurationUpdatedTimestamp?.getTime() ?? now;
  const since = (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? now;
  return Math.max(since - made, now - since) > Period * 1000 ? 'ALARM' : StateValue;
};

/** The service's alarms, those that went off first. */
export const listAlarms = async ({ clients, service, now }: Deployment): Promise<AlarmSummary[]> => {
  const names = new Map(service.alarms.map(({ physicalId, name }) => [physicalId, name]));
  if (names.size === 0) return [];
  const command = new DescribeAlarmsCommand({
    AlarmNames: [...names.keys()],
    AlarmTypes: ['MetricAlarm'],
    MaxRecords: 100,
  });
  const { MetricAlarms = [] } = await clients.cloudWatch.send(command);
  const order = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];
  return MetricAlarms.map((alarm) => {
    const alarmName = alarm.AlarmName ?? '';
    const name = names.get(alarmName) ?? alarmName;
    return {
      ...{ name, alarmName, advice: advice[name] ?? [] },
      state: stateOf(alarm, now()),
      description: alarm.AlarmDescription ?? '',
      reason: alarm.StateReason ?? '',
      since: alarm.StateUpdatedTimestamp?.getTime() ?? 0,
    } as const;
  }).sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
};
