import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pascalCase } from '../../../infra/task-function.ts';
import { taskNames } from '../../../infra/tasks.ts';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly JitterStrategy?: string;
  readonly IntervalSeconds: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts: number;
}

interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine;
  readonly [name: string]: unknown;
}

interface Machine {
  readonly Comment?: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

const folder = join(import.meta.dirname, '..', '..', '..', 'statemachines');
const files = readdirSync(folder);
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const machineOf = (file: string): Machine => JSON.parse(textOf(file)) as Machine;

/** A machine's states, those inside of maps and branches as well. */
const statesOf = (machine: Machine): readonly (readonly [string, State])[] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    [name, state] as const,
    ...[...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])].flatMap(statesOf),
  ]);

const all = files.flatMap((file) => statesOf(machineOf(file)).map(([name, state]) => [file, name, state] as const));
const tasks = all.filter(([, , state]) => state.Type === 'Task');

describe('the machines', () => {
  test('are these', () => {
    expect(files.sort()).toEqual([
      'cleanup.asl.json',
      'create-session.asl.json',
      'destroy-session.asl.json',
      'dispatch.asl.json',
      'fill-pool.asl.json',
      'list-sessions.asl.json',
      'renew-session.asl.json',
      'session-status.asl.json',
    ]);
  });

  test('use every function but those that the stream and the API run', () => {
    const used = new Set(tasks.map(([, , { Resource }]) => Resource));
    expect(used).toEqual(
      new Set(
        taskNames.filter((name) => !['router', 'publish'].includes(name)).map((name) => `\${${pascalCase(name)}}`),
      ),
    );
  });
});

describe.each(files)('%s', (file) => {
  const machine = machineOf(file);

  test('has at most 16 states and 250 lines', () => {
    expect(statesOf(machine).length).toBeLessThanOrEqual(16);
    expect(textOf(file).trimEnd().split('\n').length).toBeLessThanOrEqual(250);
  });

  test('says in one sentence what it does', () => {
    expect(machine.Comment).toMatch(/^[A-Z][^.]+\.$/);
  });

  test('ends before the five minutes of an Express execution', () => {
    expect(machine.TimeoutSeconds).toBeLessThan(300);
  });

  test('has its placeholders in quotes', () => {
    expect(textOf(file).match(/\$\{\w+\}/g)?.length).toBe(textOf(file).match(/"\$\{\w+\}"/g)?.length);
  });
});

const isSessions = (file: string): boolean =>
  !['cleanup.asl.json', 'dispatch.asl.json', 'fill-pool.asl.json'].includes(file);

/** The longest that full jitter may wait between a task's attempts, in seconds. */
const maxWait = ({ IntervalSeconds, BackoffRate = 2, MaxAttempts }: Retrier): number =>
  Array.from({ length: MaxAttempts }, (_, retry) => IntervalSeconds * BackoffRate ** retry).reduce((a, b) => a + b, 0);

describe('a machine the API waits for', () => {
  test.each(files.filter(isSessions))('%s ends before the 29 seconds of the API', (file) => {
    expect(machineOf(file).TimeoutSeconds).toBeLessThan(29);
  });

  test.each(tasks.filter(([file]) => isSessions(file)))(
    '%s has time for all attempts of one throttled task and what follows: %s',
    (file, _name, task) => {
      const wait = Math.max(...(task.Retry ?? []).map(maxWait));
      expect(wait).toBeGreaterThanOrEqual(1);
      const undoing = 6;
      expect(wait + (task.TimeoutSeconds ?? 0) + undoing).toBeLessThan(machineOf(file).TimeoutSeconds ?? 0);
    },
  );
});

/** States whose function's name another state of the machine has: names are given once in a machine. */
const namedApart: Readonly<Record<string, string>> = {
  'Send All As Dead Letters': 'Send Dead Letters',
  'Issue Keys To Queue': 'Issue Keys',
};

/** The tasks that change or delete a queue which may have been made a moment ago. */
const touchesNewQueues = ['Set Policy', 'Undo Create', 'Delete Queue'];

describe.each(tasks)('the task of %s: %s', (file, name, task) => {
  test('is named after its function', () => {
    expect(task.Resource).toBe(`\${${(namedApart[name] ?? name).replaceAll(' ', '')}}`);
  });

  test('has a timeout, shorter than its machine', () => {
    expect(task.TimeoutSeconds).toBeGreaterThan(0);
    expect(task.TimeoutSeconds).toBeLessThan(machineOf(file).TimeoutSeconds ?? 0);
  });

  test('retries what is transient with full jitter, a new queue every second, and nothing else', () => {
    const transient = [
      'Throttled',
      'UpstreamUnavailable',
      'Lambda.TooManyRequestsException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      ...(file === 'dispatch.asl.json' ? [] : ['Lambda.ClientExecutionTimeoutException', 'Runtime.ExitError']),
      'States.Timeout',
      'Sandbox.Timedout',
      'Lambda.Unknown',
    ];
    // https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
    const ended = ['Lambda.ClientExecutionTimeoutException', 'Runtime.ExitError'];
    const expected = file === 'dispatch.asl.json' ? [...transient, ...ended] : transient;
    const newQueue = task.Retry?.filter(({ ErrorEquals }) => ErrorEquals.includes('QueueDoesNotExist')) ?? [];
    const others = task.Retry?.filter((one) => !newQueue.includes(one)) ?? [];
    expect(others.flatMap(({ ErrorEquals }) => ErrorEquals).sort()).toEqual(expected.sort());
    expect(others.map(({ JitterStrategy }) => JitterStrategy)).toEqual(others.map(() => 'FULL'));
    // "You must wait at least one second": without jitter it is waited for.
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
    const everySecond = { ErrorEquals: ['QueueDoesNotExist'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 3 };
    expect(newQueue).toEqual(touchesNewQueues.includes(name) ? [everySecond] : []);
  });

  test('catches everything', () => {
    expect(task.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
  });
});

describe('a failure', () => {
  const failures = all.filter(([, , { Type }]) => Type === 'Fail');

  test.each(failures)('of %s is named as one: %s', (_file, name, state) => {
    expect(name).toMatch(/^Err: /);
    expect(state).toMatchObject({ ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' });
  });

  test.each(all.filter(([, , { Type }]) => Type !== 'Fail'))('is not what %s has in %s', (_file, name) => {
    expect(name).not.toMatch(/^Err/);
  });
});

describe('a choice', () => {
  test.each(all.filter(([, , { Type }]) => Type === 'Choice'))('of %s is a question: %s', (_file, name, state) => {
    expect(name).toMatch(/\?$/);
    expect(state['Default']).toEqual(expect.any(String));
  });
});
