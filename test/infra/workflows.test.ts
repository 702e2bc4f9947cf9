import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { synth } from './synth.ts';
import { objectOf, textOf, type JsonObject } from './template.ts';

const { template } = await synth();
const machines = template.ofType('AWS::StepFunctions::StateMachine');
const nameOf = (properties: JsonObject): string =>
  textOf(properties['StateMachineName']).replace('sqs-browser-dev-', '');
const table = machines.map(({ id, Properties }) => [nameOf(Properties), id, Properties] as const);
const sessionMachines = table.filter(([name]) => /session/.test(name));

describe.each(table)('the machine %s', (name, id, properties) => {
  test('is an Express machine, traced', () => {
    expect(properties).toMatchObject({
      StateMachineType: 'EXPRESS',
      TracingConfiguration: { Enabled: true },
      RoleArn: `<${id}Role.Arn>`,
    });
  });

  test('is what its file says', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'statemachines', `${name}.asl.json`), 'utf8');
    expect(JSON.parse(textOf(properties['DefinitionString']))).toEqual(JSON.parse(text));
  });

  test('has every placeholder replaced by the function of that name', () => {
    const placeholders = [...textOf(properties['DefinitionString']).matchAll(/\$\{(\w+)\}/g)].map(
      ([, one]) => one ?? '',
    );
    const substitutions = objectOf(properties['DefinitionSubstitutions']);
    expect(new Set(Object.keys(substitutions))).toEqual(new Set(placeholders));
    for (const [placeholder, value] of Object.entries(substitutions)) {
      expect(value).toMatch(new RegExp(`${placeholder}Function\\.Arn>$`));
    }
  });

  test('logs to a vended log that forgets after a month', () => {
    const log = id.replace(/Machine$/, 'Log');
    expect(template.get(log).Properties).toEqual({
      LogGroupName: `/aws/vendedlogs/states/sqs-browser-dev-${name}`,
      RetentionInDays: 30,
    });
    expect(properties['LoggingConfiguration']).toMatchObject({
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: `<${log}.Arn>` } }],
    });
  });

  test('logs no data', () => {
    expect(properties['LoggingConfiguration']).toMatchObject({ IncludeExecutionData: false });
  });

  test(`logs ${name === 'dispatch' ? 'what failed' : 'every step'}`, () => {
    expect(properties['LoggingConfiguration']).toMatchObject({ Level: name === 'dispatch' ? 'ERROR' : 'ALL' });
  });
});

test('five machines handle sessions', () => {
  expect(sessionMachines).toHaveLength(5);
});

describe('the schedule', () => {
  const { Properties } = template.only('AWS::Scheduler::Schedule');

  test('runs the cleanup with four minutes of time', () => {
    expect(Properties).toMatchObject({
      ScheduleExpression: 'rate(15 minutes)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: '<CleanupWorkflowMachine>', Input: '{"budgetSeconds":240}' },
    });
  });

  test('leaves a failed run to the next', () => {
    expect(Properties['Target']).toMatchObject({ RetryPolicy: { MaximumRetryAttempts: 0 } });
  });
});

describe('an alarm', () => {
  const alarms = template.ofType('AWS::CloudWatch::Alarm').map(({ id, Properties }) => [id, Properties] as const);

  const metricSchema = z.object({ Metric: z.object({ MetricName: z.string() }) });
  const metricsSchema = z.array(z.object({ MetricStat: z.optional(metricSchema) }));
  /** One metric, or the ones an expression adds up. */
  const watched = ({ MetricName, Metrics }: JsonObject): unknown =>
    MetricName ?? metricsSchema.parse(Metrics).flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []);

  test('watches each thing somebody must look at', () => {
    expect(alarms.map(([id, properties]) => [id.replace('Monitoring', ''), watched(properties)])).toEqual([
      ['RecordsRejected', 'ApproximateNumberOfMessagesVisible'],
      ['BatchesFailed', 'OnFailureDestinationDeliveredEventCount'],
      ['BatchesWaiting', 'NumberOfObjects'],
      ['BatchesLost', 'DestinationDeliveryFailures'],
      ['RecordsDropped', 'DroppedEventCount'],
      ['StreamNotRead', ['IncomingRecords', 'Invocations']],
      ['StreamBehind', 'IteratorAge'],
      ['MessagesUndelivered', 'ApproximateNumberOfMessagesVisible'],
      ['ApiFails', '5XXError'],
      ['DispatchFails', ['ExecutionsTimedOut', 'Errors']],
      ['CleanupFails', 'ExecutionsSucceeded'],
    ]);
  });

  test("counts no failed execution, since a caller's mistake fails one too", () => {
    expect(JSON.stringify(alarms)).not.toContain('ExecutionsFailed');
  });

  test.each(alarms)('%s says what is the matter', (id, properties) => {
    expect(properties).toMatchObject({
      AlarmDescription: expect.stringMatching(/^[A-Z].{10,}$/),
      // A queue without metrics is a queue nobody uses: what is in it is still there.
      ...(/RecordsRejected|MessagesUndelivered|BatchesWaiting/.test(id)
        ? { ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore' }
        : /CleanupFails/.test(id)
          ? { ComparisonOperator: 'LessThanOrEqualToThreshold', TreatMissingData: 'missing' }
          : { ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' }),
    });
  });
});

test('the dashboard shows the measures of dispatch', () => {
  const body = textOf(template.only('AWS::CloudWatch::Dashboard').Properties['DashboardBody']);
  for (const name of [
    'MessagesReceived',
    'MessagesDelivered',
    'QueuesGone',
    'MessagesDeadLettered',
    'DeliveryLatency',
  ]) {
    expect(body).toContain(`"sqs-browser","${name}","service","sqs-browser-dev"`);
  }
});

test('the alarms look at the metrics that docs/cost.md counts', () => {
  const metricsOf = ({ Metrics }: JsonObject): number =>
    Array.isArray(Metrics) ? Metrics.filter((one) => JSON.stringify(one).includes('"MetricStat"')).length : 1;
  const alarms = template.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => metricsOf(Properties));
  expect(alarms.reduce((sum, metrics) => sum + metrics, 0)).toBe(13);
});
