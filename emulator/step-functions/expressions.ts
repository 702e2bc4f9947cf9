/**
 * Paths and payload templates. A path is a reference path, names and indexes only, on the state's data (`$.a.b[0]`) or on the
 * context object (`$$.Execution.Id`). https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
 */
import { runtimeFailure, StateFailure } from './failures.ts';
import { DefinitionError } from './fields.ts';
import { compileIntrinsic } from './intrinsics.ts';
import type { Json } from './json.ts';
import { isList, isObject } from './json.ts';
import type { Expression, Query } from './scope.ts';

const step = /\.([\p{L}_][\p{L}\p{N}_-]*)|\['([^']+)'\]|\[(\d+)\]/uy;

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html, without what no Express machine has. */
const contextPath =
  /^\$\$\.(Execution\.(Id|Name|StartTime|RoleArn|Input(?=$|[.[]))|StateMachine\.(Id|Name)|State\.(Name|EnteredTime|RetryCount))/;
const itemPath = /^\$\$\.Map\.Item\.(Value|Index)/;

/** The steps of a reference path: `$.a[0]` has `a` and `0`. @throws DefinitionError for any other path */
export const readSteps = (where: string, path: string): readonly string[] => {
  const steps: string[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) break;
    steps.push(match[1] ?? match[2] ?? match[3] ?? '');
    if (step.lastIndex === path.length) return steps;
  }
  if (path === '$') return steps;
  throw new DefinitionError(`${where}: the path ${path} is not supported`);
};

const find = (value: Json, steps: readonly string[]): Json | undefined =>
  steps.reduce<Json | undefined>((found, name) => {
    if (isList(found)) return found[Number(name)];
    return isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }, value);

/** @throws DefinitionError for a path that is not supported */
export const compileQuery = (where: string, path: Json | undefined, inItemSelector = false): Query => {
  if (typeof path !== 'string' || !path.startsWith('$')) {
    throw new DefinitionError(`${where}: ${JSON.stringify(path)} is not a path`);
  }
  if (!path.startsWith('$$')) {
    const steps = readSteps(where, path);
    return ({ data }) => find(data, steps);
  }
  if (!contextPath.test(path) && !(inItemSelector && itemPath.test(path))) {
    throw new DefinitionError(`${where}: ${path} of the context object is not supported here`);
  }
  const steps = readSteps(where, path.slice(1));
  return ({ context }) => find(context, steps);
};

const compilePath = (where: string, field: string, path: Json, inItemSelector: boolean): Expression => {
  const query = compileQuery(where, path, inItemSelector);
  return (scope) => {
    const found = query(scope);
    if (found !== undefined) return found;
    const input = JSON.stringify(scope.data);
    throw runtimeFailure(
      `The JSONPath '${JSON.stringify(path).slice(1, -1)}' specified for the field '${field}' could not be found in the input '${input}'`,
    );
  };
};

/** A path, or an intrinsic function where one is allowed. `field` is named when a path finds nothing. */
export const compileExpression = (
  where: string,
  field: string,
  text: Json,
  { intrinsics = false, inItemSelector = false } = {},
): Expression =>
  intrinsics && typeof text === 'string' && text.startsWith('States.')
    ? compileIntrinsic(where, text, (path) => compilePath(where, field, path, inItemSelector))
    : compilePath(where, field, text, inItemSelector);

/** A payload template: in objects, the value of a name that ends in `.$` is a path or an intrinsic function. */
export const compileTemplate = (where: string, template: Json, inItemSelector = false): Expression => {
  if (isList(template)) {
    const items = template.map((item) => compileTemplate(where, item, inItemSelector));
    return (scope) => items.map((item) => item(scope));
  }
  if (!isObject(template)) return () => template;
  const members = Object.entries(template).map(([name, value]): readonly [string, Expression] =>
    name.endsWith('.$')
      ? [name.slice(0, -2), compileExpression(`${where} ${name}`, name, value, { intrinsics: true, inItemSelector })]
      : [name, compileTemplate(where, value, inItemSelector)],
  );
  return (scope) => Object.fromEntries(members.map(([name, value]) => [name, value(scope)]));
};

/** `target` with `value` put at the path; objects on the way that are missing are made. https://states-language.net/spec.html#appendix-a has the error. */
const put = (target: Json | undefined, [name, ...rest]: readonly string[], value: Json): Json => {
  if (name === undefined) return value;
  if (isList(target)) return target.map((item, index) => (String(index) === name ? put(item, rest, value) : item));
  if (target !== undefined && !isObject(target)) {
    const cause = `Unable to apply a ResultPath to the input '${JSON.stringify(target)}'`;
    throw new StateFailure('States.ResultPathMatchFailure', cause);
  }
  return { ...target, [name]: put(target?.[name], rest, value) };
};

/** Puts a result into the state's input; null drops the result. */
export type Placement = (input: Json, result: Json) => Json;

export const compilePlacement = (where: string, path: Json | undefined = '$'): Placement => {
  if (path === null) return (input) => input;
  if (typeof path !== 'string' || !/^\$(?!\$)/.test(path)) {
    throw new DefinitionError(`${where}: ${JSON.stringify(path)} is not a path`);
  }
  const steps = readSteps(where, path);
  return (input, result) => put(input, steps, result);
};
