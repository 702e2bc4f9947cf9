import { describe, expect, test } from '@jest/globals';
import { MovableClock } from '../../clock.ts';
import { runStateMachine } from '../../step-functions/run-state-machine.ts';

type Object = Readonly<Record<string, unknown>>;

const task = { Type: 'Task', Resource: 'f', Next: 'Two' };
const refusalOf = (state: Object, machine: Object = {}): Promise<unknown> =>
  runStateMachine({
    name: 'machine',
    definition: { StartAt: 'One', States: { One: state, Two: { Type: 'Succeed' } }, ...machine },
    task: () => Promise.resolve(null),
  }).then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : error),
  );

describe('a definition is refused, naming the state,', () => {
  test.each<[string, Object, string]>([
    ['for an unknown type', { Type: 'Activity' }, 'State "One": the type "Activity" is not supported'],
    ['for JSONata', { ...task, Arguments: {} }, 'State "One": Arguments is not supported'],
    ['for a heartbeat', { ...task, HeartbeatSeconds: 1 }, 'State "One": HeartbeatSeconds is not supported'],
    ['for an unknown intrinsic function', { ...task, Parameters: { 'a.$': 'States.Sum(1)' } }, 'States.Sum(1) is not'],
    ['for a malformed intrinsic function', { ...task, Parameters: { 'a.$': 'States.Array(1' } }, 'it is malformed'],
    ['for a path to several values', { ...task, InputPath: '$.a[*]' }, 'the path $.a[*] is not supported'],
    ['for a filter', { ...task, OutputPath: '$.a[?(@.b)]' }, 'the path $.a[?(@.b)] is not supported'],
    ['for what is no path', { ...task, ResultPath: 'a' }, 'State "One", ResultPath: "a" is not a path'],
    ['for the token of a task', { ...task, Parameters: { 'a.$': '$$.Task.Token' } }, '$$.Task.Token of the context'],
    ['for the item of a Map elsewhere', { ...task, Parameters: { 'a.$': '$$.Map.Item.Value' } }, '$$.Map.Item.Value'],
    ['for a state that is not there', { ...task, Next: 'Three' }, 'there is no state "Three"'],
    ['for a state that goes nowhere', { Type: 'Pass' }, 'State "One": it needs either Next or End'],
    ['for a catcher to nowhere', { ...task, Catch: [{ ErrorEquals: ['A'], Next: 'Four' }] }, 'no state "Four"'],
    [
      'for a field of a retrier',
      { ...task, Retry: [{ ErrorEquals: ['A'], Delay: 1 }] },
      'Retry: Delay is not supported',
    ],
    [
      'for a rule with an unknown comparison',
      { Type: 'Choice', Choices: [{ Variable: '$.a', StringContains: 'x', Next: 'Two' }] },
      'StringContains is not supported',
    ],
    [
      'for a rule with two comparisons',
      { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsPresent: true, Next: 'Two' }] },
      'one comparison',
    ],
    [
      'for a comparison with another type',
      { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 'x', Next: 'Two' }] },
      'NumericEquals cannot be "x"',
    ],
    [
      'for a distributed Map',
      { Type: 'Map', End: true, ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'A', States: {} } },
      'only Mode INLINE',
    ],
    ['for an error and its path', { Type: 'Fail', Error: 'A', ErrorPath: '$.a' }, 'it has either Error or ErrorPath'],
    [
      'for States.ALL beside another error',
      { ...task, Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] },
      'States.ALL must stand alone',
    ],
    [
      'for States.ALL before another catcher',
      {
        ...task,
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'Two' },
          { ErrorEquals: ['A'], Next: 'Two' },
        ],
      },
      'States.ALL must stand alone',
    ],
    ['for a wait for two things', { Type: 'Wait', Seconds: 1, Timestamp: 'x', End: true }, 'it waits for one of'],
  ])('%s', async (_reason, state, message) => {
    expect(await refusalOf(state)).toContain(message);
  });

  test('for JSONata as a whole', async () => {
    expect(await refusalOf(task, { QueryLanguage: 'JSONata' })).toBe('The definition: only JSONPath is supported');
  });
});

/** The output of a machine of one state. */
const outputOf = async (state: Object, input: unknown, results: readonly unknown[] = []): Promise<unknown> => {
  const left = [...results];
  const { status, output, error, cause } = await runStateMachine({
    name: 'machine',
    definition: { StartAt: 'One', States: { One: { End: true, ...state } } },
    input,
    task: () => Promise.resolve(left.shift()),
  });
  return status === 'SUCCEEDED' ? output : `${error}: ${cause}`;
};

describe('a path reads', () => {
  test.each<[path: string, found: unknown]>([
    ['$', { a: { 'b c': [1, { d: null }] } }],
    ["$.a['b c'][0]", 1],
    ['$.a["b c"]', undefined],
    ["$.a['b c'][1].d", null],
  ])('%s', async (InputPath, found) => {
    const output = outputOf({ Type: 'Pass', InputPath }, { a: { 'b c': [1, { d: null }] } });
    if (found === undefined) await expect(output).rejects.toThrow('is not supported');
    else expect(await output).toEqual(found);
  });

  test.each(['$.b', '$.a[3]', '$.a.length', '$.constructor'])('nothing at %s, which fails', async (InputPath) => {
    expect(await outputOf({ Type: 'Pass', InputPath }, { a: [] })).toBe(
      `States.Runtime: The JSONPath '${InputPath}' specified for the field 'InputPath' could not be found in the input '{"a":[]}'`,
    );
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-example.html
test('InputPath, ResultPath and OutputPath work together as in the example of the documentation', async () => {
  const state = {
    Type: 'Task',
    Resource: 'f',
    InputPath: '$.lambda',
    ResultPath: '$.data.lambdaresult',
    OutputPath: '$.data',
  };
  const input = { comment: 'c', data: { val1: 23, val2: 17 }, extra: 'foo', lambda: { who: 'AWS' } };
  expect(await outputOf(state, input, ['Hello'])).toEqual({ val1: 23, val2: 17, lambdaresult: 'Hello' });
});

test('a null InputPath gives an empty input, a null ResultPath keeps the input', async () => {
  expect(await outputOf({ Type: 'Pass', InputPath: null }, { a: 1 })).toEqual({});
  expect(await outputOf({ Type: 'Task', Resource: 'f', ResultPath: null }, { a: 1 }, [2])).toEqual({ a: 1 });
});

describe('a rule compares', () => {
  test.each<[rule: Object, input: unknown, matches: boolean]>([
    [{ StringEquals: 'b' }, 'b', true],
    [{ StringEquals: '1' }, 1, false],
    [{ StringLessThan: 'b' }, 'a', true],
    [{ StringMatches: 'a*c' }, 'abbc', true],
    [{ StringMatches: 'a.c' }, 'abc', false],
    [{ StringMatches: 'a\\*c' }, 'a*c', true],
    [{ NumericGreaterThanEquals: 2 }, 2, true],
    [{ NumericEquals: 2 }, '2', false],
    [{ BooleanEquals: true }, true, true],
    [{ TimestampLessThan: '2026-01-01T00:00:00Z' }, '2025-12-31T23:00:00-01:00', false],
    [{ TimestampLessThan: '2026-01-01T00:00:00Z' }, '2025-12-31T23:59:59Z', true],
    [{ IsTimestamp: true }, '2026-01-01', false],
    [{ IsNumeric: false }, 'x', true],
    [{ NumericEqualsPath: '$$.State.RetryCount' }, 0, false],
  ])('%j with %j', async (rule, value, matches) => {
    const definition = {
      StartAt: 'Which',
      States: {
        Which: { Type: 'Choice', Choices: [{ Variable: '$.value', ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: true, End: true },
        No: { Type: 'Pass', Result: false, End: true },
      },
    };
    const { output, error } = await runStateMachine({
      name: 'm',
      definition,
      input: { value },
      task: () => Promise.resolve(1),
    });
    expect(output ?? error).toEqual('NumericEqualsPath' in rule ? 'States.Runtime' : matches);
  });

  test('what is not there with nothing: the execution fails', async () => {
    const Choices = [{ Variable: '$.a', StringEquals: 'x', Next: 'Two' }];
    const definition = {
      StartAt: 'One',
      States: { One: { Type: 'Choice', Choices, Default: 'Two' }, Two: { Type: 'Succeed' } },
    };
    const record = await runStateMachine({ name: 'm', definition, task: () => Promise.resolve(1) });
    expect(record).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

// https://states-language.net/spec.html#appendix-a
test.each<[error: string, state: Object]>([
  ['States.NoChoiceMatched', { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 2, Next: 'Two' }] }],
  ['States.ResultPathMatchFailure', { Type: 'Task', Resource: 'f', ResultPath: '$.a.b', End: true }],
])('an execution fails with %s', async (error, state) => {
  const definition = { StartAt: 'One', States: { One: state, Two: { Type: 'Succeed' } } };
  const record = await runStateMachine({ name: 'm', definition, input: { a: 1 }, task: () => Promise.resolve(1) });
  expect(record).toMatchObject({ status: 'FAILED', error });
});

describe('on the clock', () => {
  const standing = () => new MovableClock({ standsAt: Date.parse('2026-01-01T00:00:00Z') });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const until = async (isReached: () => boolean): Promise<void> => {
    while (!isReached()) await settle();
    await settle();
  };

  test('a Wait waits', async () => {
    const clock = standing();
    const definition = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 30, End: true } } };
    let ended = false;
    const run = runStateMachine({ name: 'm', definition, clock, task: () => Promise.resolve(1) }).then(
      () => (ended = true),
    );
    await settle();
    clock.advance(29_000);
    await settle();
    expect(ended).toBe(false);
    clock.advance(1_000);
    await run;
  });

  test('retries come after the interval, which grows by the rate up to the longest delay', async () => {
    const clock = standing();
    const started = clock.now();
    const calls: number[] = [];
    const Retry = [
      { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 3, MaxDelaySeconds: 10 },
    ];
    const run = runStateMachine({
      name: 'm',
      definition: { StartAt: 'T', States: { T: { Type: 'Task', Resource: 'f', End: true, Retry } } },
      clock,
      task: () => {
        calls.push((clock.now() - started) / 1000);
        return Promise.reject(Object.assign(new Error('cause'), { name: 'Busy' }));
      },
    });
    for (const [index, seconds] of [3, 6, 10].entries()) {
      await until(() => calls.length === index + 1);
      clock.advance(seconds * 1000 - 1);
      await settle();
      clock.advance(1);
    }
    expect(await run).toMatchObject({ status: 'FAILED', error: 'Busy', cause: 'cause' });
    expect(calls).toEqual([0, 3, 9, 19]);
  });

  test('a task that takes too long fails with States.Timeout, which States.TaskFailed does not match', async () => {
    const clock = standing();
    const begun = Promise.withResolvers<undefined>();
    const run = runStateMachine({
      name: 'm',
      definition: {
        StartAt: 'T',
        States: {
          T: {
            ...{ Type: 'Task', Resource: 'f', End: true, TimeoutSeconds: 5 },
            Catch: [
              { ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' },
              { ErrorEquals: ['States.Timeout'], Next: 'Right' },
            ],
          },
          Wrong: { Type: 'Fail', Error: 'Wrong' },
          Right: { Type: 'Succeed', OutputPath: '$.Error' },
        },
      },
      clock,
      task: () => {
        begun.resolve(undefined);
        return new Promise(() => undefined);
      },
    });
    await begun.promise;
    clock.advance(5_000);
    const record = await run;
    expect(record.output).toBe('States.Timeout');
    expect(record.events.map(({ type }) => type)).toContain('LambdaFunctionTimedOut');
  });
});
