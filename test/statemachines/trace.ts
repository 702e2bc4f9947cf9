import type { ExecutionRecord } from 'aws-template-emulator';

interface Matcher {
  readonly ErrorEquals: readonly string[];
}

interface State {
  readonly Type: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Default?: string;
  readonly Retry?: readonly Matcher[];
  readonly Catch?: readonly Matcher[];
  readonly Branches?: readonly StateMachine[];
  readonly ItemProcessor?: StateMachine;
}

/** What is read of a definition in the Amazon States Language. */
export interface StateMachine {
  readonly States: Readonly<Record<string, State>>;
}

/** A state as it was run; `inner` has the path of each branch or item. */
interface Visit {
  readonly name: string;
  readonly inner: Map<string, Visit[]>;
  attempts: number;
  /** The error of the last attempt; undefined when it has succeeded, or not ended yet. */
  failure: string | undefined;
}

type Event = ExecutionRecord['events'][number];

const enters = (state: string): string => `"${state}" is entered`;
const succeeds = (state: string): string => `"${state}" succeeds`;
const goes = (state: string, next: string): string => `"${state}" goes on to "${next}"`;
const retries = (state: string, { ErrorEquals: errors }: Matcher): string => `"${state}" retries ${errors.join(', ')}`;
const catches = (state: string, { ErrorEquals: errors }: Matcher): string => `"${state}" catches ${errors.join(', ')}`;

const innerOf = ({ Branches: branches = [], ItemProcessor: processor }: State): readonly StateMachine[] =>
  processor ? [...branches, processor] : branches;

const choicesOf = (name: string, { Choices: rules = [], Default: otherwise }: State): readonly string[] => {
  const targets = [...rules.map(({ Next: next }) => next), ...(otherwise === undefined ? [] : [otherwise])];
  if (new Set(targets).size < targets.length)
    throw new Error(`"${name}": rules with the same Next cannot be told apart`);
  return targets.map((next) => goes(name, next));
};

/** All there is to cover in a machine: states, outcomes of tasks, maps and parallels, rules of choices. */
export const branchesOf = (machine: StateMachine): readonly string[] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    enters(name),
    ...(['Task', 'Map', 'Parallel'].includes(state.Type) ? [succeeds(name)] : []),
    ...choicesOf(name, state),
    ...(state.Retry ?? []).map((retrier) => retries(name, retrier)),
    ...(state.Catch ?? []).map((catcher) => catches(name, catcher)),
    ...innerOf(state).flatMap(branchesOf),
  ]);

/** Every state by its name, with the number of its branch in the state around it. */
const statesIn = (machine: StateMachine, branch = 0): readonly (readonly [string, State, number])[] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    [name, state, branch] as const,
    ...innerOf(state).flatMap((inner, index) => statesIn(inner, index)),
  ]);

const render = (path: readonly Visit[]): string =>
  path
    .map(({ name, attempts, inner }) => {
      const branches = [...inner].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
      const within = branches.length > 0 ? ` [${branches.map(([, branch]) => render(branch)).join(' | ')}]` : '';
      return `${name}${attempts > 1 ? ` x${attempts}` : ''}${within}`;
    })
    .join(' > ');

const matching = (matchers: readonly Matcher[] = [], error: string): Matcher | undefined =>
  matchers.find(({ ErrorEquals: names }) => names.includes(error) || names.includes('States.ALL'));

const isAttempt = ({ type }: Event): boolean =>
  /^(LambdaFunctionScheduled|(Map|Parallel)StateStarted)$/.test(String(type));
const isSuccess = ({ type }: Event): boolean => /^(LambdaFunction|MapState|ParallelState)Succeeded$/.test(String(type));
const isFailure = ({ type }: Event): boolean =>
  /^(LambdaFunction(Failed|TimedOut)|(Map|Parallel)StateFailed)$/.test(String(type));

/** What an execution went through, from its history: each event names the one before it on its own path. */
export class Trace {
  /** Which of the machine's branches (see branchesOf) were taken. */
  readonly covered = new Set<string>();
  readonly #path: Visit[] = [];
  readonly #paths = new Map<number, Visit[]>();
  readonly #types = new Map<number, string>();
  readonly #states: ReadonlyMap<string, State>;
  readonly #branches: ReadonlyMap<string, number>;
  #lastError = '';

  constructor(machine: StateMachine, events: readonly Event[]) {
    const states = statesIn(machine);
    this.#states = new Map(states.map(([name, state]) => [name, state]));
    this.#branches = new Map(states.map(([name, , branch]) => [name, branch]));
    for (const event of events) this.#follow(event);
  }

  /** The states in order, in the notation of a scenario's path. */
  get path(): string {
    return render(this.#path);
  }

  #follow(event: Event): void {
    const { id = 0, type = '', stateEnteredEventDetails: entered } = event;
    const path = this.#pathOf(event);
    this.#paths.set(id, path);
    this.#types.set(id, type);
    const visit = path.at(-1);
    if (entered?.name !== undefined) this.#enter(entered.name, path);
    else if (visit && isAttempt(event)) this.#attempt(visit);
    else if (visit && isSuccess(event)) visit.failure = undefined;
    else if (visit && isFailure(event)) this.#fail(visit, event);
    else if (visit && type.endsWith('StateExited')) this.#exit(visit);
  }

  /** The path that an event is on: that of the one before it, unless a branch or an iteration begins. */
  #pathOf({
    previousEventId: before = 0,
    mapIterationStartedEventDetails: item,
    stateEnteredEventDetails: entered,
  }: Event) {
    const path = this.#paths.get(before) ?? this.#path;
    const isBranch = entered !== undefined && this.#types.get(before) === 'ParallelStateStarted';
    if (!item && !isBranch) return path;
    const key = String(item ? item.index : this.#branches.get(entered?.name ?? ''));
    const inner: Visit[] = [];
    path.at(-1)?.inner.set(key, inner);
    return inner;
  }

  #enter(name: string, path: Visit[]): void {
    const before = path.at(-1);
    if (before && this.#states.get(before.name)?.Type === 'Choice') this.covered.add(goes(before.name, name));
    path.push({ name, inner: new Map(), attempts: 0, failure: undefined });
    this.covered.add(enters(name));
  }

  #attempt(visit: Visit): void {
    visit.attempts += 1;
    const retrier = matching(this.#states.get(visit.name)?.Retry, visit.failure ?? '');
    if (visit.failure !== undefined && retrier) this.covered.add(retries(visit.name, retrier));
  }

  #fail(visit: Visit, { lambdaFunctionFailedEventDetails: failed, type }: Event): void {
    this.#lastError = type === 'LambdaFunctionTimedOut' ? 'States.Timeout' : (failed?.error ?? this.#lastError);
    visit.failure = this.#lastError;
  }

  #exit({ name, failure }: Visit): void {
    const state = this.#states.get(name);
    const catcher = matching(state?.Catch, failure ?? '');
    if (failure !== undefined && catcher) this.covered.add(catches(name, catcher));
    else if (['Task', 'Map', 'Parallel'].includes(state?.Type ?? '')) this.covered.add(succeeds(name));
  }
}
