import { describe, expect, test } from '@jest/globals';
import { alarmMetrics } from '../../../bench/cost/session-minutes.ts';
import { cheapValues, someValues } from '../contexts.ts';
import { synthAll } from '../synth.ts';
import { objectOf, textOf, type Json, type Template } from '../template.ts';

const [plain, cheap, some] = await synthAll({}, cheapValues, someValues);

describe('without a stream', () => {
  const { template, findings } = cheap;

  test('nothing is left of it', () => {
    const types = new Set(template.resources.map(({ Type }) => Type.split('::').slice(0, 2).join('::')));
    expect(types).not.toContain('AWS::Kinesis');
    expect(template.ofType('AWS::S3::Bucket').map(({ id }) => id)).toEqual(['MessagesBucket']);
    expect(template.ofType('AWS::Lambda::EventSourceMapping')).toEqual([]);
    expect(() => template.function('router')).toThrow('There is no function router');
    expect(JSON.stringify(template.resources)).not.toContain('kinesis');
    expect(Object.keys(template.outputs)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/EventStream|Rejected|FailedBatch/)]),
    );
  });

  test('the API notifies, and what is not delivered is set aside', () => {
    const paths = template.ofType('AWS::ApiGateway::Resource').map(({ Properties }) => Properties['PathPart']);
    expect(paths).toContain('notify');
    expect(template.outputs['UndeliveredQueueUrl']?.Value).toBe('<DeadLettersUndelivered>');
  });

  test('the alarms are on what there is', () => {
    expect(template.ofType('AWS::CloudWatch::Alarm').map(({ id }) => id.replace('Monitoring', ''))).toEqual([
      ...['MessagesUndelivered', 'ApiFails', 'DispatchFails', 'CleanupFails'],
    ]);
  });

  test('cdk-nag finds nothing', () => {
    expect(findings).toMatchObject({ conclusion: 'success', violations: [] });
  });
});

test('the alarms look at as many metrics as docs/cost.md counts', () => {
  const metricsIn = (template: Template): number =>
    template.ofType('AWS::CloudWatch::Alarm').reduce((sum, { Properties: { Metrics } }) => {
      const metrics = Array.isArray(Metrics)
        ? Metrics.filter((metric: Json) => 'MetricStat' in objectOf(metric))
        : [Metrics];
      return sum + metrics.length;
    }, 0);
  expect(metricsIn(plain.template)).toBe(alarmMetrics.withStream);
  expect(metricsIn(cheap.template)).toBe(alarmMetrics.withoutStream);
});

describe('logRuns', () => {
  const levels = (template: Template): Record<string, unknown> =>
    Object.fromEntries(
      template
        .ofType('AWS::StepFunctions::StateMachine')
        .map(({ Properties }) => [
          textOf(Properties['StateMachineName']).replace(/^sqs-browser-[a-z]+-/, ''),
          objectOf(Properties['LoggingConfiguration'])['Level'],
        ]),
    );
  const machines = ['create-session', 'renew-session', 'session-status', 'list-sessions', 'destroy-session', 'cleanup'];
  const all = (level: string): object => Object.fromEntries(machines.map((name) => [name, level]));

  test('has session machines log every run and dispatch failures by default', () => {
    expect(levels(plain.template)).toEqual({ ...all('ALL'), dispatch: 'ERROR' });
  });

  test('failures has all of them log failures', () => {
    expect(levels(cheap.template)).toEqual({ ...all('ERROR'), dispatch: 'ERROR' });
  });

  test('all has all of them log every run, without data', () => {
    expect(levels(some.template)).toEqual({ ...all('ALL'), dispatch: 'ALL' });
    expect(JSON.stringify(some.template.resources)).not.toContain('"IncludeExecutionData":true');
  });
});

describe('traces', () => {
  const traced = (template: Template): unknown[] => [
    ...template
      .ofType('AWS::Lambda::Function')
      .map(({ Properties }) => objectOf(Properties['TracingConfig'] ?? {})['Mode']),
    ...template
      .ofType('AWS::StepFunctions::StateMachine')
      .map(({ Properties }) => objectOf(Properties['TracingConfiguration'] ?? {})['Enabled']),
    template.only('AWS::ApiGateway::Stage').Properties['TracingEnabled'],
  ];

  test('are sampled by default, in the API, the machines and the functions', () => {
    expect(new Set(traced(plain.template))).toEqual(new Set(['Active', true]));
  });

  test('none leaves nothing of X-Ray', () => {
    expect(new Set(traced(cheap.template))).toEqual(new Set([undefined, false]));
    expect(JSON.stringify(cheap.template.ofType('AWS::IAM::Policy'))).not.toContain('xray:PutTraceSegments');
  });
});

describe('apiMetrics', () => {
  const settings = (template: Template): unknown =>
    template.only('AWS::ApiGateway::Stage').Properties['MethodSettings'];

  test('are those of the whole API by default, which are free', () => {
    expect(settings(plain.template)).toMatchObject([{ MetricsEnabled: false }]);
    expect(settings(cheap.template)).toMatchObject([{ MetricsEnabled: true }]);
  });
});
