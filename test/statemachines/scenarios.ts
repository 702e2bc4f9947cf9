import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { runStateMachine } from 'aws-template-emulator';
import type { ExecutionRecord } from 'aws-template-emulator';
import { branchesOf, Trace } from './trace.ts';
import type { StateMachine } from './trace.ts';

type Answer = { readonly [member: string]: unknown } | Error | ((input: never) => object);

export interface Scenario {
  /** `{}` if not given. */
  readonly input?: object;
  /** What each task answers, by its state's name: the same on every call, or a list, one for each call. */
  readonly tasks: Readonly<Record<string, Answer | readonly Answer[]>>;
  /** What tasks are handed on their last call, by state. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** The states in order, as `A > B x2 [C > D | E] > F`: B in two attempts, C to E inside of B, `|` between branches or items. */
  readonly path: string;
  /** What the execution puts out; exactly one of this and `error`. */
  readonly output?: unknown;
  /** The name of the error that the execution fails with. */
  readonly error?: string;
}

interface Outcome {
  readonly record: ExecutionRecord;
  readonly trace: Trace;
  readonly inputs: ReadonlyMap<string, readonly unknown[]>;
}

/** A task's failure; its cause is the cause of the failed execution. */
export const fails = (name: string): Error => Object.assign(new Error(`cause of ${name}`), { name });

const isList = (answers: Answer | readonly Answer[] | undefined): answers is readonly Answer[] =>
  Array.isArray(answers);

const folder = join(import.meta.dirname, '..', '..', 'statemachines');

/** The machine as it is in the file, but that each task runs a function of the state's own name. */
const readMachine = (name: string): StateMachine =>
  JSON.parse(readFileSync(join(folder, `${name}.asl.json`), 'utf8'), (key, value: unknown) =>
    key === 'States'
      ? Object.fromEntries(
          Object.entries(value as StateMachine['States']).map(([state, definition]) => [
            state,
            definition.Type === 'Task' ? { ...definition, Resource: state } : definition,
          ]),
        )
      : value,
  ) as StateMachine;

/** Every task takes one turn of the event loop, so that what runs side by side runs in step. */
const invokeIn =
  ({ tasks }: Scenario, inputs: Map<string, unknown[]>) =>
  async (state: string, input: unknown): Promise<unknown> => {
    const calls = inputs.get(state) ?? [];
    inputs.set(state, [...calls, input]);
    await setImmediate();
    const answers = tasks[state];
    const answer = isList(answers) ? answers[calls.length] : answers;
    const result = typeof answer === 'function' ? answer(input as never) : answer;
    if (result === undefined) throw fails(`no answer for call ${calls.length + 1} of ${state}`);
    if (result instanceof Error) throw result;
    return result;
  };

const runScenario = async (name: string, definition: StateMachine, scenario: Scenario): Promise<Outcome> => {
  const inputs = new Map<string, unknown[]>();
  const record = await runStateMachine({
    name,
    definition,
    input: scenario.input ?? {},
    task: invokeIn(scenario, inputs),
  });
  return { record, trace: new Trace(definition, record.events), inputs };
};

const expectedExit = ({ error, output }: Scenario): object =>
  error === undefined ? { status: 'SUCCEEDED', output } : { status: 'FAILED', error, cause: `cause of ${error}` };

const verify = (scenario: Scenario, { record, trace, inputs }: Outcome): void => {
  const { status, output, error, cause } = record;
  expect(trace.path).toBe(scenario.path);
  expect(status === 'SUCCEEDED' ? { status, output } : { status, error, cause }).toEqual(expectedExit(scenario));
  for (const [state, answers] of Object.entries(scenario.tasks)) {
    const calls = inputs.get(state)?.length ?? 0;
    expect({ state, calls }).toEqual({ state, calls: isList(answers) ? answers.length : Math.max(calls, 1) });
  }
  for (const [state, input] of Object.entries(scenario.given ?? {})) expect(inputs.get(state)?.at(-1)).toEqual(input);
};

/**
 * Runs a machine of statemachines/ in process, with Express semantics, through each of the scenarios, which are titled by
 * their outcome; and counts that together they enter every state and take every branch but the `unreachable` ones.
 */
export const describeMachine = (
  name: string,
  scenarios: Readonly<Record<string, Scenario>>,
  unreachable: readonly string[] = [],
): void => {
  const definition = readMachine(name);
  const outcomes = new Map<Scenario, Promise<Outcome>>();
  const outcomeOf = (scenario: Scenario): Promise<Outcome> => {
    const outcome = outcomes.get(scenario) ?? runScenario(name, definition, scenario);
    outcomes.set(scenario, outcome);
    return outcome;
  };

  describe(name, () => {
    test.each(Object.entries(scenarios))('%s', async (_title, scenario) => {
      verify(scenario, await outcomeOf(scenario));
    });

    test('enters every state and takes every branch in these scenarios', async () => {
      const all = await Promise.all(Object.values(scenarios).map(outcomeOf));
      const covered = new Set(all.flatMap(({ trace }) => [...trace.covered]));
      expect(branchesOf(definition).filter((branch) => !covered.has(branch))).toEqual(unreachable);
    });
  });
};
