import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { expect, test } from '@jest/globals';
import { readEmbeddedMetrics } from '../../cloudwatch/embedded-metrics.ts';
import { createCloudWatch } from '../../cloudwatch/index.ts';
import { loadTemplate } from '../../template/load-template.ts';
import { clock, location, serve } from '../service-server.ts';

const alarm = (name: string, properties: object) => ({
  [name]: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...{ AlarmName: name, EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' },
      ...properties,
    },
  },
});

const metric = { Namespace: 'app', MetricName: 'Alarmed', Statistic: 'Sum', Period: 300 };

const template = loadTemplate(
  {
    Resources: {
      ...alarm('quiet', { ...metric, TreatMissingData: 'notBreaching' }),
      ...alarm('unknown', metric),
      ...alarm('silence', { ...metric, TreatMissingData: 'breaching' }),
      ...alarm('sum', {
        TreatMissingData: 'notBreaching',
        Metrics: [
          { Id: 'both', Expression: 'FILL(failed, 0) + FILL(timedOut, 0)', ReturnData: true },
          {
            Id: 'failed',
            MetricStat: { Metric: { Namespace: 'app', MetricName: 'Failed' }, Period: 300, Stat: 'Sum' },
            ReturnData: false,
          },
          {
            Id: 'timedOut',
            MetricStat: { Metric: { Namespace: 'app', MetricName: 'TimedOut' }, Period: 300, Stat: 'Sum' },
            ReturnData: false,
          },
        ],
      }),
    },
  },
  { ...location, stackName: 'shop', baseUrl: '' },
);
const service = createCloudWatch({ ...location, alarms: template.ofType('AWS::CloudWatch::Alarm') });
const client = new CloudWatchClient(await serve(service));

const add = (name: string, values: number | readonly number[], timestamp?: number) => {
  service.store.add({ namespace: 'app', name, dimensions: {} }, values, timestamp);
};

const stat = (MetricName: string, Stat: string, Period = 60): MetricDataQuery => ({
  Id: Stat.toLowerCase().replace('.', ''),
  MetricStat: { Metric: { Namespace: 'app', MetricName }, Period, Stat },
});

const start = Math.floor(Date.now() / 300_000) * 300_000 - 300_000;

const get = (queries: MetricDataQuery[], input: object = {}) =>
  client.send(
    new GetMetricDataCommand({
      StartTime: new Date(start),
      EndTime: new Date(start + 300_000),
      MetricDataQueries: queries,
      ...input,
    }),
  );

test('answers the statistics of a period', async () => {
  add(
    'Latency',
    Array.from({ length: 100 }, (_, index) => index + 1),
    start,
  );
  const { MetricDataResults = [] } = await get(
    ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum', 'p50', 'p99'].map((name) => stat('Latency', name)),
  );
  expect(Object.fromEntries(MetricDataResults.map(({ Id = '', Values }) => [Id, Values?.[0]]))).toEqual({
    ...{ sum: 5050, samplecount: 100, average: 50.5, minimum: 1, maximum: 100, p50: 50, p99: 99 },
  });
});

test('answers a value for each period that has one, the latest first unless asked otherwise', async () => {
  add('Count', 1, start);
  add('Count', 2, start + 120_000);
  const query = [stat('Count', 'Sum')];
  const times = [new Date(start + 120_000), new Date(start)];
  expect((await get(query)).MetricDataResults).toMatchObject([{ Values: [2, 1], Timestamps: times, Label: 'Count' }]);
  const ascending = await get(query, { ScanBy: 'TimestampAscending' });
  expect(ascending.MetricDataResults).toMatchObject([{ Values: [1, 2] }]);
  expect((await get([stat('Count', 'Sum', 300)])).MetricDataResults).toMatchObject([{ Values: [3] }]);
});

test('calculates with other queries, which are left out of the answer', async () => {
  add('Ok', 3, start);
  add('Bad', 1, start);
  add('Bad', 1, start + 60_000);
  const hidden = (id: string, name: string) => ({ ...stat(name, 'Sum'), Id: id, ReturnData: false });
  const { MetricDataResults } = await get(
    [{ Id: 'share', Expression: '100 * bad / (FILL(ok, 0) + bad)' }, hidden('ok', 'Ok'), hidden('bad', 'Bad')],
    { ScanBy: 'TimestampAscending' },
  );
  expect(MetricDataResults).toMatchObject([{ Id: 'share', Values: [25, 100] }]);
});

test('IF shows where a condition holds', async () => {
  add('Up', 3, start);
  add('Down', 1, start + 60_000);
  const hidden = (id: string, name: string) => ({ ...stat(name, 'Sum'), Id: id, ReturnData: false });
  const valuesOf = async (Expression: string) => {
    const { MetricDataResults: [result] = [] } = await get([
      { Id: 'only', Expression },
      hidden('ok', 'Up'),
      hidden('bad', 'Down'),
    ]);
    const times = (result?.Timestamps ?? []).map(Number);
    return [start, start + 60_000].map((time) => result?.Values?.[times.indexOf(time)]);
  };
  expect(await valuesOf('IF(FILL(ok, 0) > 0 AND FILL(bad, 0) == 0, 1, 0)')).toEqual([1, 0]);
  expect(await valuesOf('IF(FILL(ok, 0) + 1 >= 4 || FILL(bad, 0) != 0, FILL(bad, 5), 0)')).toEqual([5, 1]);
});

test.each(['IF(1, 2)', 'IF(1, 2, 3', 'SEARCH("x")', 'ok +', 'missing * 2', 'FILL(1, 2)'])(
  'refuses the expression %s by name',
  async (Expression) => {
    await expect(get([{ Id: 'e', Expression }, stat('Ok', 'Sum')])).rejects.toThrow(
      /metric math expression|There is no query/,
    );
  },
);

test('lists metrics by namespace, name and dimension', async () => {
  service.store.add({ namespace: 'other', name: 'Seen', dimensions: { service: 'a' } }, 1);
  service.store.add({ namespace: 'other', name: 'Seen', dimensions: { service: 'b' } }, 1);
  const list = async (input: object) => (await client.send(new ListMetricsCommand(input))).Metrics;
  expect(await list({ Namespace: 'other' })).toHaveLength(2);
  expect(await list({ MetricName: 'Seen', Dimensions: [{ Name: 'service', Value: 'b' }] })).toEqual([
    { Namespace: 'other', MetricName: 'Seen', Dimensions: [{ Name: 'service', Value: 'b' }] },
  ]);
});

test('alarms follow their metric and what they make of missing data', async () => {
  const states = async () => {
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand());
    return Object.fromEntries(MetricAlarms.map(({ AlarmName = '', StateValue }) => [AlarmName, StateValue]));
  };
  expect(await states()).toEqual({ quiet: 'OK', unknown: 'INSUFFICIENT_DATA', silence: 'ALARM', sum: 'OK' });
  add('Alarmed', 2);
  add('TimedOut', 1);
  expect(await states()).toEqual({ quiet: 'ALARM', unknown: 'ALARM', silence: 'ALARM', sum: 'ALARM' });
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['quiet'] }));
  expect(MetricAlarms).toMatchObject([
    {
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:quiet',
      StateReason: 'Threshold Crossed: 1 datapoint [2] was greater than the threshold (0).',
      StateUpdatedTimestamp: expect.any(Date),
      Threshold: 0,
      Period: 300,
    },
  ]);
  clock.advance(600_000);
  expect(await states()).toMatchObject({ quiet: 'OK', sum: 'OK' });
});

test.each([
  ['AlarmNamePrefix cannot be specified with AlarmNames.', { AlarmNames: ['quiet'], AlarmNamePrefix: 'q' }],
  ['AlarmNames has more than 100 names.', { AlarmNames: Array.from({ length: 101 }, (_, index) => `alarm-${index}`) }],
  ['MaxRecords must be 1 to 100.', { MaxRecords: 0 }],
  ['MaxRecords must be 1 to 100.', { MaxRecords: 101 }],
])('describing alarms: %s', async (message, parameters) => {
  await expect(client.send(new DescribeAlarmsCommand(parameters))).rejects.toThrow(message);
});

test('pages of alarms', async () => {
  const first = await client.send(new DescribeAlarmsCommand({ MaxRecords: 3 }));
  const second = await client.send(new DescribeAlarmsCommand({ MaxRecords: 3, NextToken: first.NextToken }));
  expect([first.MetricAlarms?.length, second.MetricAlarms?.length, second.NextToken]).toEqual([3, 1, undefined]);
});

test('reads metrics that are embedded in a line of a log', () => {
  const line = JSON.stringify({
    _aws: {
      Timestamp: 7,
      CloudWatchMetrics: [
        {
          Namespace: 'app',
          Dimensions: [['service'], []],
          Metrics: [{ Name: 'Sent' }, { Name: 'Latency', Unit: 'Milliseconds' }],
        },
      ],
    },
    service: 'shop',
    Sent: 2,
    Latency: [5, 6],
  });
  const metrics = readEmbeddedMetrics(line);
  expect(metrics).toHaveLength(4);
  expect(metrics[1]).toEqual({
    namespace: 'app',
    name: 'Latency',
    dimensions: { service: 'shop' },
    values: [5, 6],
    timestamp: 7,
  });
  expect(['text', '{"_aws":1}', '{"_aws"', '{"message":"x"}'].flatMap(readEmbeddedMetrics)).toEqual([]);
});

test('an action that is not there is refused by name', async () => {
  await expect(client.send(new GetDashboardCommand({ DashboardName: 'x' }))).rejects.toThrow(
    /does not support monitoring:GetDashboard/,
  );
});
