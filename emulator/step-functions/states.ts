/**
 * Compiles the states of a machine into functions, once, when the template is loaded. What a definition holds that is not
 * supported is refused here, by the name of the state and the field.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */
import type { HistoryEventType } from '@aws-sdk/client-sfn';
import { compileRule } from './choice-rules.ts';
import type { Branch } from './execution.ts';
import { compileExpression, compilePlacement, compileTemplate } from './expressions.ts';
import { failureOf, StateFailure } from './failures.ts';
import { Fields } from './fields.ts';
import type { Json, JsonObject } from './json.ts';
import { isObject } from './json.ts';
import { compileCatch, compileRetry } from './retry.ts';
import type { Expression, Scope } from './scope.ts';
import { compileFail, compileMap, compileParallel, compileTask, compileWait } from './work.ts';
import type { States, Work } from './work.ts';

/** The next state, undefined at the end, and the output of this one. */
interface Step {
  readonly next: string | undefined;
  readonly output: Json;
}

interface State {
  readonly type: StateType;
  readonly targets: readonly string[];
  run(raw: Json, scope: JsonObject, branch: Branch): Promise<Step> | Step;
}

const stateTypes = ['Task', 'Parallel', 'Map', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'] as const;
type StateType = (typeof stateTypes)[number];

/** Ends a branch that has been stopped. Nothing waits for its result. */
class Stopped extends Error {}

const same: Expression = ({ data }) => data;

/** InputPath or OutputPath: null gives an empty object. */
const compileFilter = (fields: Fields, name: string): Expression => {
  const path = fields.get(name);
  if (path === null) return () => ({});
  return path === undefined ? same : compileExpression(`${fields.where}, ${name}`, name, path);
};

const compileOptionalTemplate = (fields: Fields, name: string): Expression => {
  const template = fields.get(name);
  return template === undefined ? same : compileTemplate(`${fields.where}, ${name}`, template);
};

const compileNext = (fields: Fields): string | undefined => {
  const next = fields.optionalText('Next');
  if ((fields.get('End') === true) === (next !== undefined)) fields.refuse('it needs either Next or End');
  return next;
};

/** A Choice that nothing matches: https://states-language.net/spec.html#choice-state */
const compileChoice = (fields: Fields): Pick<State, 'targets' | 'run'> => {
  const [input, output] = [compileFilter(fields, 'InputPath'), compileFilter(fields, 'OutputPath')];
  const rules = fields.objects('Choices').map((rule) => {
    const next = rule.text('Next');
    const matches = compileRule(rule);
    rule.done();
    return { next, matches };
  });
  const otherwise = fields.optionalText('Default');
  return {
    targets: [...rules.map(({ next }) => next), ...(otherwise === undefined ? [] : [otherwise])],
    run: (raw, context) => {
      const scope: Scope = { data: input({ data: raw, context }), context };
      const next = rules.find(({ matches }) => matches(scope))?.next ?? otherwise;
      if (next === undefined)
        throw new StateFailure('States.NoChoiceMatched', 'No rule of the Choice matched, and it has no Default');
      return { next, output: output(scope) };
    },
  };
};

/** The work of each type of state but Choice. */
const compileWork = (type: StateType, fields: Fields, tasks: Map<string, string>): Work => {
  const compileInner = (inner: Fields): States => {
    const states = compileStates(inner);
    for (const [name, resource] of states.tasks) tasks.set(name, resource);
    return states;
  };
  switch (type) {
    case 'Task':
      return compileTask(fields);
    case 'Parallel':
      return compileParallel(fields, compileInner);
    case 'Map':
      return compileMap(fields, compileInner);
    case 'Wait':
      return compileWait(fields);
    case 'Fail':
      return compileFail(fields);
    case 'Pass': {
      const result = fields.get('Result');
      return result === undefined ? ({ data }) => data : () => result;
    }
    default:
      return ({ data }) => data;
  }
};

/** The optional fields of each type of state. */
const has = {
  next: ['Task', 'Parallel', 'Map', 'Pass', 'Wait'],
  parameters: ['Task', 'Parallel', 'Pass'],
  resultPath: ['Task', 'Parallel', 'Map', 'Pass'],
  recovery: ['Task', 'Parallel', 'Map'],
} as const;

const includes = (types: readonly string[], type: StateType): boolean => types.includes(type);

const compileWorkingState = (
  type: StateType,
  fields: Fields,
  tasks: Map<string, string>,
): Pick<State, 'targets' | 'run'> => {
  const work = compileWork(type, fields, tasks);
  const next = includes(has.next, type) ? compileNext(fields) : undefined;
  const [inputPath, outputPath] =
    type === 'Fail' ? [same, same] : [compileFilter(fields, 'InputPath'), compileFilter(fields, 'OutputPath')];
  const parameters = includes(has.parameters, type) ? compileOptionalTemplate(fields, 'Parameters') : same;
  const isRecovering = includes(has.recovery, type);
  const selector = isRecovering ? compileOptionalTemplate(fields, 'ResultSelector') : same;
  const put = compilePlacement(
    `${fields.where}, ResultPath`,
    includes(has.resultPath, type) ? fields.get('ResultPath') : undefined,
  );
  const none = new Fields(fields.where, {});
  const retry = compileRetry(isRecovering ? fields : none);
  const findCatcher = compileCatch(isRecovering ? fields : none);
  return {
    targets: [...(next === undefined ? [] : [next]), ...findCatcher.targets],
    run: async (raw, stateContext, branch) => {
      try {
        const output = await retry(branch, async (RetryCount): Promise<Json> => {
          const { State } = stateContext;
          const context = { ...stateContext, State: { ...(isObject(State) && State), RetryCount } };
          const data = parameters({ data: inputPath({ data: raw, context }), context });
          const result = await work({ data, context, branch });
          return outputPath({ data: put(raw, selector({ data: result, context })), context });
        });
        return { next, output };
      } catch (thrown) {
        const failure = failureOf(thrown);
        const catcher = findCatcher(failure);
        if (!catcher) throw failure;
        return { next: catcher.next, output: catcher.put(raw, { Error: failure.name, Cause: failure.message }) };
      }
    },
  };
};

const compileState = (name: string, definition: Json, tasks: Map<string, string>): State => {
  const fields = new Fields(`State "${name}"`, definition);
  const given = fields.get('Type');
  const type = stateTypes.find((known) => known === given);
  if (!type) return fields.refuse(`the type ${JSON.stringify(given)} is not supported`);
  const state = type === 'Choice' ? compileChoice(fields) : compileWorkingState(type, fields, tasks);
  if (type === 'Task') tasks.set(name, fields.text('Resource'));
  fields.done();
  return { type, ...state };
};

const entered = (type: StateType): HistoryEventType => `${type}StateEntered`;

/** There is no FailStateExited. */
const exited = (type: Exclude<StateType, 'Fail'>): HistoryEventType => `${type}StateExited`;

/** Runs one state and adds its events to the history. */
const runState = async (name: string, state: State, raw: Json, branch: Branch): Promise<Step> => {
  const { execution } = branch;
  const input = execution.textOf(`input of "${name}"`, raw);
  branch.record(entered(state.type), () => ({ stateEnteredEventDetails: { name, input } }));
  const { clock, contextObject } = execution.context;
  const State = { Name: name, EnteredTime: new Date(clock.now()).toISOString() };
  const step = await state.run(raw, { ...contextObject, State }, branch);
  if (branch.isStopped) throw new Stopped();
  const output = execution.textOf(`output of "${name}"`, step.output);
  if (state.type !== 'Fail') branch.record(exited(state.type), () => ({ stateExitedEventDetails: { name, output } }));
  return step;
};

/** Compiles the StartAt and States of a machine, a branch or an iteration. @throws DefinitionError */
export const compileStates = (fields: Fields): States => {
  const tasks = new Map<string, string>();
  const definitions = new Fields(`${fields.where}, States`, fields.get('States')).entries();
  const states = new Map(definitions.map(([name, state]) => [name, compileState(name, state, tasks)]));
  const start = fields.text('StartAt');
  const targets = [start, ...[...states.values()].flatMap((state) => state.targets)];
  const missing = targets.find((target) => !states.has(target));
  if (missing !== undefined) fields.refuse(`there is no state ${JSON.stringify(missing)}`);
  fields.done();
  return {
    tasks,
    run: async (input, branch) => {
      let step: Step = { next: start, output: input };
      while (step.next !== undefined) {
        const state = states.get(step.next);
        if (!state || branch.isStopped) throw new Stopped();
        step = await runState(step.next, state, step.output, branch);
      }
      return step.output;
    },
  };
};
