/**
 * Checks a state machine's definition against what this runtime can run, and words it so that aws-local-stepfunctions
 * 3.0.0 runs it as AWS does. What it rewords:
 * - `"ResultPath": "$"`, which the library takes for a member named "$", is left out: it is the default.
 * - `IsPresent`, `IsNull` and so on with `false`, which never match in the library, become a `Not` of the same with `true`.
 * - `$$.Execution` and `$$.StateMachine` become `$$.Run.…`: the library overwrites Execution's input inside Map and
 *   Parallel, and its start time everywhere, with the time of the machine rather than of the runtime's clock.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** What is wrong with a definition, or not supported in it, and in which state. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

const common = ['Type', 'Comment'];
const paths = ['InputPath', 'OutputPath'];
const transition = ['Next', 'End'];
const result = ['ResultSelector', 'ResultPath'];
const recovery = ['Retry', 'Catch'];

/** The fields each type of state may have; everything else is refused. */
const fieldsByType: Readonly<Record<string, readonly string[]>> = {
  Task: [...common, ...paths, ...transition, ...result, ...recovery, 'Resource', 'Parameters', 'TimeoutSeconds'],
  Parallel: [...common, ...paths, ...transition, ...result, ...recovery, 'Branches', 'Parameters'],
  Map: [
    ...common,
    ...paths,
    ...transition,
    ...result,
    ...recovery,
    'ItemsPath',
    'ItemSelector',
    'ItemProcessor',
    'MaxConcurrency',
  ],
  Pass: [...common, ...paths, ...transition, 'Result', 'Parameters', 'ResultPath'],
  Choice: [...common, ...paths, 'Choices', 'Default'],
  Succeed: [...common, ...paths],
  Fail: [...common, 'Error', 'Cause', 'ErrorPath', 'CausePath'],
};

const machineFields = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version', 'QueryLanguage'];
const processorFields = ['ProcessorConfig', 'StartAt', 'States', 'Comment'];
const typeTests = ['IsPresent', 'IsNull', 'IsString', 'IsNumeric', 'IsBoolean'];
const comparison = /^(StringEquals|StringMatches|BooleanEquals|Numeric(Equals|(LessThan|GreaterThan)(Equals)?))$/;
/** A path to one value: names and indexes only, as a reference path is. */
const referencePath = /^\$(\.[A-Za-z_]\w*|\['[^']+'\]|\[\d+\])*$/;
const contextPath = /^\$\$\.(Execution\.(Id|Name|StartTime|RoleArn|Input(?=$|[.[]))|StateMachine\.(Id|Name))/;
const itemPath = /^\$\$\.Map\.Item\.(Value|Index)/;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const refuse = (where: string, what: string): never => {
  throw new DefinitionError(`${where}: ${what}`);
};

const objectAt = (where: string, value: Json | undefined): JsonObject =>
  isObject(value) ? value : refuse(where, 'an object is missing');

const listAt = (where: string, value: Json | undefined): readonly Json[] =>
  isList(value) ? value : refuse(where, 'a list is missing');

const onlyFields = (where: string, value: JsonObject, allowed: readonly string[]): void => {
  const unknown = Object.keys(value).find((name) => !allowed.includes(name));
  if (unknown !== undefined) refuse(where, `${unknown} is not supported`);
};

const rewordPath = (where: string, path: Json, inItemSelector = false): Json => {
  if (path === null) return null;
  if (typeof path !== 'string') return refuse(where, 'a path must be a string');
  if (path.startsWith('States.')) return refuse(where, `${path} is not supported (no intrinsic function is)`);
  if (!referencePath.test(path.replace(/^\$\$/, '$'))) return refuse(where, `the path ${path} is not supported`);
  if (!path.startsWith('$$')) return path;
  if (inItemSelector && itemPath.test(path)) return path;
  if (!contextPath.test(path)) return refuse(where, `${path} of the context object is not supported here`);
  return path.replace('$$', '$$$$.Run');
};

/** Parameters, ResultSelector and ItemSelector: members that end in `.$` hold paths. */
const rewordTemplate = (where: string, template: Json, inItemSelector = false): Json => {
  if (isList(template)) return template.map((value) => rewordTemplate(where, value, inItemSelector));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [
      name,
      name.endsWith('.$')
        ? rewordPath(`${where} ${name}`, value, inItemSelector)
        : rewordTemplate(where, value, inItemSelector),
    ]),
  );
};

const rewordTest = (where: string, rule: JsonObject): JsonObject => {
  const { Variable: variable, ...tests } = rule;
  const [name, ...others] = Object.keys(tests);
  if (variable === undefined || name === undefined || others.length > 0)
    return refuse(where, 'a rule needs one comparison');
  const reworded = { Variable: rewordPath(where, variable), [name]: tests[name] ?? null };
  if (!typeTests.includes(name)) return comparison.test(name) ? reworded : refuse(where, `${name} is not supported`);
  return tests[name] === true ? reworded : { Not: { ...reworded, [name]: true } };
};

const rewordRule = (where: string, rule: JsonObject): JsonObject => {
  const { Next: next, And: and, Or: or, Not: not, ...test } = rule;
  const target = next === undefined ? {} : { Next: next };
  const all = (rules: Json): readonly JsonObject[] =>
    listAt(where, rules).map((inner) => rewordRule(where, objectAt(where, inner)));
  if (and !== undefined) return { And: all(and), ...target };
  if (or !== undefined) return { Or: all(or), ...target };
  if (not !== undefined) return { Not: rewordRule(where, objectAt(where, not)), ...target };
  return { ...rewordTest(where, test), ...target };
};

const rewordCatcher = (where: string, catcher: JsonObject): JsonObject => {
  onlyFields(where, catcher, ['ErrorEquals', 'ResultPath', 'Next', 'Comment']);
  const { ResultPath: path, ...rest } = catcher;
  return path === undefined || path === '$' ? rest : { ...rest, ResultPath: rewordPath(where, path) };
};

type Rewording = (where: string, value: Json) => Json | undefined;

const checkMode: Rewording = (where, value) => {
  const processor = objectAt(where, value);
  onlyFields(where, processor, processorFields);
  const config = processor['ProcessorConfig'];
  if (isObject(config) && config['Mode'] !== 'INLINE') return refuse(where, 'only Mode INLINE is supported');
  return rewordStates(where, processor);
};

const path: Rewording = (where, value) => rewordPath(where, value);
const template: Rewording = (where, value) => rewordTemplate(where, value);

/** How each field is reworded; undefined leaves it out. Fields that are not here stay as they are. */
const rewordings: Readonly<Record<string, Rewording>> = {
  InputPath: path,
  OutputPath: path,
  ItemsPath: path,
  ErrorPath: path,
  CausePath: path,
  ResultPath: (where, value) => (value === '$' ? undefined : rewordPath(where, value)),
  Parameters: template,
  ResultSelector: template,
  ItemSelector: (where, value) => rewordTemplate(where, value, true),
  Result: (where, value) => (value ? value : refuse(where, 'an empty Result is not supported')),
  Choices: (where, value) => listAt(where, value).map((rule) => rewordRule(where, objectAt(where, rule))),
  Catch: (where, value) => listAt(where, value).map((catcher) => rewordCatcher(where, objectAt(where, catcher))),
  Branches: (where, value) => listAt(where, value).map((branch) => rewordStates(where, objectAt(where, branch))),
  ItemProcessor: checkMode,
};

const rewordState = (name: string, state: JsonObject): JsonObject => {
  const where = `State "${name}"`;
  const { Type: type } = state;
  const allowed = typeof type === 'string' ? fieldsByType[type] : undefined;
  if (!allowed) return refuse(where, `the type ${JSON.stringify(type)} is not supported`);
  onlyFields(where, state, allowed);
  const fields = Object.entries(state).map(([field, value]): [string, Json | undefined] => {
    const reword = rewordings[field];
    return [field, reword ? reword(`${where}, ${field}`, value) : value];
  });
  return Object.fromEntries(fields.filter((entry): entry is [string, Json] => entry[1] !== undefined));
};

/** Every state that a state can go to next. */
const nextStates = (state: JsonObject): readonly Json[] => {
  const rules = [
    ...((state['Choices'] as JsonObject[] | undefined) ?? []),
    ...((state['Catch'] as JsonObject[] | undefined) ?? []),
  ];
  return [state['Next'], state['Default'], ...rules.map((rule) => rule['Next'])].filter((next) => next !== undefined);
};

const rewordStates = (where: string, machine: JsonObject): JsonObject => {
  const states = objectAt(`${where}, States`, machine['States']);
  const reworded = Object.fromEntries(
    Object.entries(states).map(([name, state]) => [name, rewordState(name, objectAt(`State "${name}"`, state))]),
  );
  const targets = [machine['StartAt'], ...Object.values(reworded).flatMap(nextStates)];
  const missing = targets.find((target) => typeof target !== 'string' || !(target in reworded));
  if (missing !== undefined) refuse(where, `there is no state ${JSON.stringify(missing)}`);
  return { ...machine, States: reworded };
};

/** @throws DefinitionError naming the state and what is wrong or not supported in it. */
export const rewordDefinition = (machineName: string, definition: Json): JsonObject => {
  const machine = objectAt(machineName, definition);
  onlyFields(machineName, machine, machineFields);
  if ((machine['QueryLanguage'] ?? 'JSONPath') !== 'JSONPath') refuse(machineName, 'only JSONPath is supported');
  return rewordStates(machineName, machine);
};

const statesIn = (machine: JsonObject): readonly (readonly [string, JsonObject])[] =>
  Object.entries(machine['States'] as Readonly<Record<string, JsonObject>>).flatMap(([name, state]) => {
    const { Branches: branches = [], ItemProcessor: processor } = state;
    const inner = [...(branches as readonly JsonObject[]), ...(isObject(processor) ? [processor] : [])];
    return [[name, state] as const, ...inner.flatMap(statesIn)];
  });

/** All states of a reworded definition, at every depth, by name; names are unique in a machine. */
export const statesOf = (machine: JsonObject): ReadonlyMap<string, JsonObject> => new Map(statesIn(machine));
