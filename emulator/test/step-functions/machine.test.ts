import { describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import { MovableClock } from '../../clock.ts';
import { createStepFunctions } from '../../step-functions/index.ts';
import type { ExecutionRecord } from '../../step-functions/executions.ts';

const answerSchema = z.looseObject({ output: z.optional(z.string()) });
const membersSchema = z.record(z.string(), z.unknown());

type Task = (input: never, attempt: number) => unknown;

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
const call = { principal: { type: 'administrator' }, signal: new AbortController().signal, baseUrl: '' } as const;

const failure = (name: string, cause = '{}'): Error => Object.assign(new Error(cause), { name });

/** Step Functions with one machine of these states, whose tasks run the functions given. */
const machineOf = (states: object, tasks: Readonly<Record<string, Task>> = {}, clock = new MovableClock()) => {
  const attempts = new Map<string, number>();
  const text = JSON.stringify({ StartAt: Object.keys(states)[0], States: states });
  const service = createStepFunctions({
    definitions: [{ logicalId: 'Machine', name: 'machine', arn: machineArn, roleArn: 'role', text }],
    functionArns: new Set(Object.keys(tasks).map(arnOf)),
    clock,
    instantRetries: true,
    invoke: async (_machine, arn, input) => {
      const name = arn.split(':').at(-1) ?? '';
      attempts.set(name, (attempts.get(name) ?? 0) + 1);
      const result = await tasks[name]?.(JSON.parse(input) as never, attempts.get(name) ?? 0);
      return JSON.stringify(result ?? null);
    },
  });
  const run = async (input: unknown) =>
    answerSchema.parse(
      await service.actions['StartSyncExecution']?.run(
        { stateMachineArn: machineArn, input: JSON.stringify(input) },
        call,
      ),
    );
  return { service, run, attempts };
};

const outputOf = ({ output = '"no output"' }: z.infer<typeof answerSchema>): unknown => JSON.parse(output);
const task = (name: string, more: object = { End: true }) => ({ Type: 'Task', Resource: arnOf(name), ...more });

describe('an execution', () => {
  test('answers what the last state puts out', async () => {
    const { run } = machineOf({ Double: task('double') }, { double: ({ n }: { n: number }) => ({ n: n * 2 }) });
    const answer = await run({ n: 21 });
    expect(answer).toMatchObject({ status: 'SUCCEEDED', stateMachineArn: machineArn, input: '{"n":21}' });
    expect(outputOf(answer)).toEqual({ n: 42 });
  });

  test('replaces the whole state by a result at $', async () => {
    const { run } = machineOf({ One: task('one', { ResultPath: '$', End: true }) }, { one: () => ({ fresh: true }) });
    expect(outputOf(await run({ old: true }))).toEqual({ fresh: true });
  });

  test('knows its input, name, machine and start in every branch', async () => {
    const clock = new MovableClock();
    clock.advance(1e9);
    const parameters = {
      'input.$': '$$.Execution.Input',
      'name.$': '$$.Execution.Name',
      'id.$': '$$.Execution.Id',
      'machine.$': '$$.StateMachine.Id',
      'start.$': '$$.Execution.StartTime',
    };
    const seen = { StartAt: 'Seen', States: { Seen: { Type: 'Pass', Parameters: parameters, End: true } } };
    const pass = { Type: 'Pass', Result: { changed: true }, Next: 'Both' };
    const states = { Change: pass, Both: { Type: 'Parallel', Branches: [seen], End: true } };
    const answer = await machineOf(states, {}, clock).run({ first: 1 });
    const [context] = z.array(membersSchema).parse(outputOf(answer));
    expect(context).toMatchObject({
      input: { first: 1 },
      name: answer['name'],
      id: answer['executionArn'],
      machine: machineArn,
    });
    expect(Math.abs(Date.parse(String(context?.['start'])) - clock.now())).toBeLessThan(5_000);
    expect(answer['executionArn']).toMatch(/^arn:aws:states:us-east-1:000000000000:express:machine:[^:]+:[^:]+$/);
  });

  test.each([
    [{}, 'absent'],
    [{ a: null }, 'null'],
    [{ a: 1 }, 'present'],
  ])('tells an absent member from null: %j', async (input, expected) => {
    const end = (result: string) => ({ Type: 'Pass', Result: result, End: true });
    const states = {
      Which: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.a', IsPresent: false, Next: 'Absent' },
          { Variable: '$.a', IsNull: false, Next: 'Present' },
        ],
        Default: 'Null',
      },
      Absent: end('absent'),
      Present: end('present'),
      Null: end('null'),
    };
    expect(outputOf(await machineOf(states).run(input))).toBe(expected);
  });

  test('runs no more iterations of a Map at once than it says', async () => {
    let running = 0;
    let most = 0;
    const one: Task = async () => {
      most = Math.max(most, ++running);
      await delay(5);
      running--;
    };
    const processor = { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'One', States: { One: task('one') } };
    const { run } = machineOf(
      { All: { Type: 'Map', MaxConcurrency: 3, ItemProcessor: processor, End: true } },
      { one },
    );
    expect(outputOf(await run([1, 2, 3, 4, 5, 6, 7, 8]))).toHaveLength(8);
    expect(most).toBe(3);
  });

  test('begins no further iteration after one has failed', async () => {
    const one: Task = async (item: number) => {
      await delay(1);
      if (item === 1) throw failure('Broken');
    };
    const processor = { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'One', States: { One: task('one') } };
    const states = { All: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: processor, End: true } };
    const { run, attempts } = machineOf(states, { one });
    expect(await run([1, 2, 3, 4])).toMatchObject({ status: 'FAILED', error: 'Broken' });
    await delay(0);
    expect(attempts.get('one')).toBe(1);
  });
});

describe('an execution that fails', () => {
  const caught = (more: object = {}) =>
    task('one', {
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Fail' }],
      End: true,
      ...more,
    });
  const fail = { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' };

  test('carries the error and the cause of its task', async () => {
    const cause = '{"errorType":"Refused","errorMessage":"no \\"quotes\\"","trace":[]}';
    const one: Task = () => Promise.reject(failure('Refused', cause));
    const answer = await machineOf({ One: caught(), Fail: fail }, { one }).run({});
    expect(answer).toMatchObject({ status: 'FAILED', error: 'Refused', cause });
    expect(answer).not.toHaveProperty('output');
  });

  test('retries what its retriers name, as often as they say', async () => {
    const retry = { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2, JitterStrategy: 'FULL' }] };
    const one: Task = () => Promise.reject(failure('Busy'));
    const { run, attempts } = machineOf({ One: caught(retry), Fail: fail }, { one });
    expect(await run({})).toMatchObject({ status: 'FAILED', error: 'Busy' });
    expect(attempts.get('one')).toBe(3);
  });

  test('goes on when a retry succeeds', async () => {
    const retry = { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }] };
    const one: Task = (_input, attempt) => (attempt < 3 ? Promise.reject(failure('Busy')) : 'done');
    expect(outputOf(await machineOf({ One: caught(retry), Fail: fail }, { one }).run({}))).toBe('done');
  });

  test('does not retry what no retrier names', async () => {
    const retry = { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }] };
    const one: Task = () => Promise.reject(failure('Refused'));
    const { run, attempts } = machineOf({ One: caught(retry), Fail: fail }, { one });
    await run({});
    expect(attempts.get('one')).toBe(1);
  });

  test('sees States.Timeout when a task takes longer than its timeout', async () => {
    const states = { One: caught({ TimeoutSeconds: 0.02 }), Fail: fail };
    const answer = await machineOf(states, { one: () => delay(200) }).run({});
    expect(answer).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('is TIMED_OUT when it takes longer than the machine may', async () => {
    const text = JSON.stringify({ StartAt: 'One', TimeoutSeconds: 0.02, States: { One: task('one') } });
    const service = createStepFunctions({
      definitions: [{ logicalId: 'Machine', name: 'machine', arn: machineArn, roleArn: 'role', text }],
      functionArns: new Set([arnOf('one')]),
      clock: new MovableClock(),
      instantRetries: true,
      invoke: () => delay(200, 'null'),
    });
    const answer = await service.actions['StartSyncExecution']?.run({ stateMachineArn: machineArn, input: '{}' }, call);
    expect(answer).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  test('fails for good when a task puts out more than 256 KiB', async () => {
    const answer = await machineOf({ One: caught(), Fail: fail }, { one: () => 'x'.repeat(262_144) }).run({});
    expect(answer).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('fails for good when a state that is no task puts out more than 256 KiB', async () => {
    const text = 'x'.repeat(100_000);
    const parameters = { 'a.$': '$', 'b.$': '$', 'c.$': '$' };
    const states = {
      Thrice: { Type: 'Pass', Parameters: parameters, Next: 'End' },
      End: { Type: 'Pass', Result: 1, End: true },
    };
    expect(await machineOf(states).run(text)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});

describe('a listener of executions', () => {
  test('gets input, output, events and the largest payload', async () => {
    const { service, run } = machineOf({ One: task('one') }, { one: () => 'x'.repeat(1_000) });
    const records: ExecutionRecord[] = [];
    const end = service.executions.on((record) => records.push(record));
    await run({ a: 1 });
    end();
    await run({ a: 2 });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      machine: 'machine',
      status: 'SUCCEEDED',
      input: { a: 1 },
      largestPayload: 1_002,
    });
    expect(records[0]?.events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

describe('the API refuses', () => {
  const start = (parameters: object) => {
    const { service } = machineOf({ One: { Type: 'Succeed' } });
    return Promise.resolve().then(() =>
      service.actions['StartExecution']?.run({ stateMachineArn: machineArn, ...parameters }, call),
    );
  };

  test.each([
    ['a machine that is not there', { stateMachineArn: `${machineArn}x` }, 'StateMachineDoesNotExist'],
    ['an input that is not JSON', { input: '{' }, 'InvalidExecutionInput'],
    ['an input over 256 KiB', { input: JSON.stringify('x'.repeat(262_143)) }, 'ValidationException'],
    ['a name with a blank', { name: 'a b' }, 'InvalidName'],
    ['a name of 81 characters', { name: 'a'.repeat(81) }, 'InvalidName'],
  ])('%s', async (_what, parameters, code) => {
    await expect(start(parameters)).rejects.toMatchObject({ code });
  });

  test('nothing when all is right', async () => {
    await expect(start({ input: '{}', name: 'a-b_c' })).resolves.toMatchObject({
      executionArn: expect.stringMatching(/:express:machine:a-b_c:/),
    });
  });
});

test('machines are listed and described', async () => {
  const { service } = machineOf({ One: { Type: 'Succeed' } });
  const list = await service.actions['ListStateMachines']?.run({}, call);
  expect(list).toMatchObject({ stateMachines: [{ stateMachineArn: machineArn, name: 'machine', type: 'EXPRESS' }] });
  const described = await service.actions['DescribeStateMachine']?.run({ stateMachineArn: machineArn }, call);
  expect(described).toMatchObject({ status: 'ACTIVE', definition: expect.stringContaining('"StartAt":"One"') });
});

test('machines are listed in pages', async () => {
  const text = JSON.stringify({ StartAt: 'One', States: { One: { Type: 'Succeed' } } });
  const { actions } = createStepFunctions({
    definitions: ['a', 'b'].map((name) => ({
      logicalId: name,
      name,
      arn: `${machineArn}-${name}`,
      roleArn: 'role',
      text,
    })),
    functionArns: new Set(),
    clock: new MovableClock(),
    instantRetries: true,
    invoke: () => Promise.resolve('null'),
  });
  const list = async (parameters: object) => actions['ListStateMachines']?.run({ maxResults: 1, ...parameters }, call);
  expect(await list({})).toMatchObject({ stateMachines: [{ name: 'a' }], nextToken: '1' });
  expect(await list({ nextToken: '1' })).toEqual({ stateMachines: [expect.objectContaining({ name: 'b' })] });
  await expect(list({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidToken' });
  await expect(list({ maxResults: 1001 })).rejects.toMatchObject({ code: 'ValidationException' });
});

test('a task whose function is not in the template is refused at load', () => {
  expect(() => machineOf({ One: task('missing') })).toThrow('Machine: State "One": there is no function');
});
