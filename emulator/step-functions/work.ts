/** What each type of state does with its input, between InputPath and Parameters before and ResultSelector and ResultPath after. */
import { Branch } from './execution.ts';
import { compileExpression, compileTemplate } from './expressions.ts';
import { failureOf, runtimeFailure, StateFailure } from './failures.ts';
import { Fields } from './fields.ts';
import type { Json, JsonObject } from './json.ts';
import { isList, parseJson } from './json.ts';
import { quotas } from './quotas.ts';
import type { Expression, Scope } from './scope.ts';

/** What a state works on: its input after InputPath and Parameters. */
export interface WorkInput extends Scope {
  readonly branch: Branch;
}

/** @throws StateFailure */
export type Work = (input: WorkInput) => Promise<Json> | Json;

/** The states of a machine, of a branch or of an iteration. */
export interface States {
  /** Runs from the first state to an end; the last state's output. @throws StateFailure */
  run(input: Json, branch: Branch): Promise<Json>;
  /** The resources of the tasks at every depth, by the state's name. */
  readonly tasks: ReadonlyMap<string, string>;
}

/** Compiles the states inside a Parallel or a Map. */
export type CompileStates = (fields: Fields) => States;

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
export const compileTask = (fields: Fields): Work => {
  const resource = fields.text('Resource');
  const timeoutInSeconds = fields.number('TimeoutSeconds', 99_999_999);
  return async ({ data, branch }) => {
    const { execution } = branch;
    const input = execution.textOf('input of a task', data);
    branch.record('LambdaFunctionScheduled', () => ({
      lambdaFunctionScheduledEventDetails: { resource, input, timeoutInSeconds },
    }));
    branch.record('LambdaFunctionStarted');
    const timeout = execution.limit(timeoutInSeconds * 1000);
    const tooLong = timeout.over.then(() => {
      throw new StateFailure('States.Timeout', `The task took longer than ${timeoutInSeconds} seconds`);
    });
    try {
      const output = await Promise.race([execution.context.invoke(resource, input), tooLong]);
      execution.measure('output of a task', output);
      branch.record('LambdaFunctionSucceeded', () => ({ lambdaFunctionSucceededEventDetails: { output } }));
      return parseJson(output);
    } catch (thrown) {
      const { name: error, message: cause } = failureOf(thrown);
      if (error === 'States.Timeout')
        branch.record('LambdaFunctionTimedOut', () => ({ lambdaFunctionTimedOutEventDetails: { error, cause } }));
      else branch.record('LambdaFunctionFailed', () => ({ lambdaFunctionFailedEventDetails: { error, cause } }));
      throw thrown;
    } finally {
      timeout.cancel();
    }
  };
};

/** Runs branches side by side; when one fails, the others enter no further state. */
const runTogether = async (
  runs: readonly (() => Promise<Json>)[],
  limit: number,
  stop: () => void,
): Promise<Json[]> => {
  const results: Json[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < runs.length; index = next++) {
      const run = runs[index];
      if (run) results[index] = await run();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, runs.length) }, work));
    return results;
  } catch (error) {
    next = runs.length;
    stop();
    throw error;
  }
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html */
export const compileParallel = (fields: Fields, compileStates: CompileStates): Work => {
  const branches = fields.objects('Branches').map(compileStates);
  return async ({ data, branch }) => {
    branch.record('ParallelStateStarted');
    const started = branches.map((states) => ({ states, inner: new Branch(branch.execution, branch) }));
    const runs = started.map(
      ({ states, inner }) =>
        () =>
          states.run(data, inner),
    );
    try {
      const results = await runTogether(runs, runs.length, () => {
        for (const { inner } of started) inner.stop();
      });
      branch.record('ParallelStateSucceeded');
      return results;
    } catch (error) {
      branch.record('ParallelStateFailed');
      throw error;
    }
  };
};

const withItem = (context: JsonObject, Index: number, Value: Json): JsonObject => ({
  ...context,
  Map: { Item: { Index, Value } },
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
export const compileMap = (fields: Fields, compileStates: CompileStates): Work => {
  const itemsPath = compileExpression(`${fields.where}, ItemsPath`, 'ItemsPath', fields.get('ItemsPath') ?? '$');
  const selector = fields.get('ItemSelector');
  const select = selector === undefined ? undefined : compileTemplate(`${fields.where}, ItemSelector`, selector, true);
  const limit = fields.number('MaxConcurrency', 0) || quotas.inlineMapConcurrency;
  const processor = new Fields(`${fields.where}, ItemProcessor`, fields.get('ItemProcessor'));
  const config = processor.get('ProcessorConfig');
  if (config !== undefined && new Fields(processor.where, config).text('Mode') !== 'INLINE')
    processor.refuse('only Mode INLINE is supported');
  const states = compileStates(processor);
  return async ({ data, context, branch }) => {
    const items = itemsPath({ data, context });
    if (!isList(items)) throw runtimeFailure('The items of the Map are not an array');
    branch.record('MapStateStarted', () => ({ mapStateStartedEventDetails: { length: items.length } }));
    const running = new Set<Branch>();
    const runs = items.map((item, index) => async (): Promise<Json> => {
      const inner = new Branch(branch.execution, branch);
      running.add(inner);
      const input = select ? select({ data, context: withItem(context, index, item) }) : item;
      inner.record('MapIterationStarted', () => ({ mapIterationStartedEventDetails: { index } }));
      try {
        const result = await states.run(input, inner);
        inner.record('MapIterationSucceeded', () => ({ mapIterationSucceededEventDetails: { index } }));
        return result;
      } catch (error) {
        inner.record('MapIterationFailed', () => ({ mapIterationFailedEventDetails: { index } }));
        throw error;
      } finally {
        running.delete(inner);
      }
    });
    try {
      const results = await runTogether(runs, Math.min(limit, quotas.inlineMapConcurrency), () => {
        for (const inner of running) inner.stop();
      });
      branch.record('MapStateSucceeded');
      return results;
    } catch (error) {
      branch.record('MapStateFailed');
      throw error;
    }
  };
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html */
export const compileWait = (fields: Fields): Work => {
  const { where } = fields;
  const [kind, ...others] = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter(
    (name) => fields.get(name) !== undefined,
  );
  if (kind === undefined || others.length > 0) return fields.refuse('it waits for one of Seconds and Timestamp');
  const given = fields.get(kind) ?? null;
  const read: Expression = kind.endsWith('Path') ? compileExpression(`${where}, ${kind}`, kind, given) : () => given;
  return async (input) => {
    const { execution } = input.branch;
    const value = read(input);
    const milliseconds = kind.startsWith('Seconds')
      ? Number(value) * 1000
      : (typeof value === 'string' ? Date.parse(value) : NaN) - execution.context.clock.now();
    if (Number.isNaN(milliseconds)) throw runtimeFailure(`A Wait cannot wait for ${JSON.stringify(value)}`);
    await execution.wait(milliseconds).over;
    return input.data;
  };
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html */
export const compileFail = (fields: Fields): Work => {
  const read = (name: string): ((scope: Scope) => string) => {
    const path = fields.get(`${name}Path`);
    const given = fields.optionalText(name);
    if (given !== undefined && path !== undefined) fields.refuse(`it has either ${name} or ${name}Path`);
    const fixed = given ?? '';
    if (path === undefined) return () => fixed;
    const expression = compileExpression(`${fields.where}, ${name}Path`, `${name}Path`, path, { intrinsics: true });
    return (scope) => {
      const value = expression(scope);
      if (typeof value !== 'string') throw runtimeFailure(`The ${name}Path of a Fail finds no string`);
      return value;
    };
  };
  const [error, cause] = [read('Error'), read('Cause')];
  return (input) => {
    throw new StateFailure(error(input), cause(input));
  };
};
