import { describe, expect, test } from '@jest/globals';
import { MovableClock } from '../../clock.ts';
import { runSchedules } from '../../schedule/index.ts';
import { readRate } from '../../schedule/rate.ts';
import { readSchedules } from '../../schedule/schedule-definition.ts';
import type { LoadedTemplate } from '../../template/index.ts';

const minute = 60_000;
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:cleanup';
const definition = {
  logicalId: 'Cleanup',
  everyMilliseconds: 15 * minute,
  machineArn,
  roleArn: 'role',
  service: 'events.amazonaws.com',
  sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/rule',
  input: '{}',
} as const;

const templateOf = (type: string, properties: object, arn: string = definition.sourceArn): LoadedTemplate => ({
  resources: new Map(),
  outputs: {},
  roles: [],
  ofType: (wanted) =>
    wanted === type
      ? [{ logicalId: 'Cleanup', type, ref: '', attributes: { Arn: arn }, metadata: {}, properties: { ...properties } }]
      : [],
});

/** Resolves at the next start, with how many there have been. */
const starts = () => {
  let count = 0;
  let waiting: PromiseWithResolvers<number> = Promise.withResolvers();
  const start = (): Promise<void> => {
    waiting.resolve(++count);
    waiting = Promise.withResolvers();
    return Promise.resolve();
  };
  return { start, next: () => waiting.promise, count: () => count };
};

/** Resolves after everything that is due by now. */
const caughtUp = (clock: MovableClock) =>
  new Promise<void>((resolve) => {
    clock.at(clock.now(), resolve);
  });

describe('a schedule', () => {
  test('runs whenever the clock has gone on by its rate', async () => {
    const clock = new MovableClock();
    const { start, next, count } = starts();
    const stop = runSchedules({ definitions: [definition], clock, start, onProblem: () => undefined });
    clock.advance(14 * minute);
    await caughtUp(clock);
    expect(count()).toBe(0);
    for (const expected of [1, 2, 3]) {
      const started = next();
      clock.advance(15 * minute);
      expect(await started).toBe(expected);
    }
    stop();
  });

  test('runs no more once it is called off', async () => {
    const clock = new MovableClock();
    const { start, count } = starts();
    runSchedules({ definitions: [definition], clock, start, onProblem: () => undefined })();
    clock.advance(60 * minute);
    await caughtUp(clock);
    expect(count()).toBe(0);
  });

  test('reports that its machine cannot be started, and goes on', async () => {
    const clock = new MovableClock();
    const problem = Promise.withResolvers<Error>();
    const start = () => Promise.reject(new Error('denied'));
    const stop = runSchedules({ definitions: [definition], clock, start, onProblem: problem.resolve });
    clock.advance(15 * minute);
    expect((await problem.promise).message).toBe('Cleanup could not start its machine: Error: denied');
    stop();
  });
});

describe('the template', () => {
  test('gives a schedule of the scheduler', () => {
    const target = { Arn: machineArn, RoleArn: 'role', Input: '{"budgetSeconds":240}' };
    const properties = { ScheduleExpression: 'rate(15 minutes)', State: 'ENABLED', Target: target };
    const arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/cleanup';
    expect(readSchedules(templateOf('AWS::Scheduler::Schedule', properties, arn))).toEqual([
      {
        ...definition,
        service: 'scheduler.amazonaws.com',
        sourceArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/default',
        input: '{"budgetSeconds":240}',
      },
    ]);
  });

  test('gives a rule of the event bus', () => {
    const properties = { ScheduleExpression: 'rate(15 minutes)', Targets: [{ Arn: machineArn, RoleArn: 'role' }] };
    expect(readSchedules(templateOf('AWS::Events::Rule', properties))).toEqual([definition]);
  });

  test('gives nothing for a schedule that is switched off', () => {
    const properties = { ScheduleExpression: 'rate(1 hour)', State: 'DISABLED', Target: { Arn: machineArn } };
    expect(readSchedules(templateOf('AWS::Scheduler::Schedule', properties))).toEqual([]);
  });

  test('is refused when the target is no machine', () => {
    const properties = { ScheduleExpression: 'rate(1 hour)', Target: { Arn: 'arn:aws:sns:us-east-1:0:topic' } };
    expect(() => readSchedules(templateOf('AWS::Scheduler::Schedule', properties))).toThrow('Cleanup: the target');
  });
});

test.each([
  ['rate(1 minute)', minute],
  ['rate(15 minutes)', 15 * minute],
  ['rate(2 hours)', 120 * minute],
  ['rate(1 day)', 1440 * minute],
])('%s is %d ms', (expression, expected) => {
  expect(readRate(expression)).toBe(expected);
});

test.each(['cron(0 12 * * ? *)', 'rate(0 minutes)', 'rate(1 week)', ''])('%j is refused', (expression) => {
  expect(() => readRate(expression)).toThrow('is not supported');
});
