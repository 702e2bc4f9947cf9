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
  readonly type: string;
  readonly inner: Map<string, Visit[]>;
  attempts: number;
  isCaught: boolean;
}

/** Where a state is: in which state, if not at the top, and in which of its branches. */
interface Place {
  readonly parent: string | undefined;
  readonly branch: number;
}

type Event = ExecutionRecord['events'][number];
type StateEvent = Extract<Event, { readonly state: unknown }>;

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

const placesIn = (machine: StateMachine, place: Place): readonly (readonly [string, Place])[] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    [name, place] as const,
    ...innerOf(state).flatMap((inner, branch) => placesIn(inner, { parent: name, branch })),
  ]);

const render = (path: readonly Visit[]): string =>
  path
    .map(({ name, attempts, inner }) => {
      const lanes = [...inner].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
      const within = lanes.length > 0 ? ` [${lanes.map(([, lane]) => render(lane)).join(' | ')}]` : '';
      return `${name}${attempts > 1 ? ` x${attempts}` : ''}${within}`;
    })
    .join(' > ');

/** What an execution went through, from what the library told of it. */
export class Trace {
  /** Which of the machine's branches (see branchesOf) were taken. */
  readonly covered = new Set<string>();
  readonly #path: Visit[] = [];
  readonly #latest = new Map<string, Visit>();
  readonly #places: ReadonlyMap<string, Place>;

  constructor(machine: StateMachine, events: readonly Event[]) {
    this.#places = new Map(placesIn(machine, { parent: undefined, branch: 0 }));
    for (const event of events) if ('state' in event) this.#follow(event);
  }

  /** The states in order, in the notation of a scenario's path. */
  get path(): string {
    return render(this.#path);
  }

  #follow(event: StateEvent): void {
    const { state, index = 0 } = event;
    if (event.type === 'StateEntered') {
      this.#enter(state, index);
      return;
    }
    const visit = this.#latest.get(`${state.name} ${index}`);
    if (!visit) throw new Error(`"${state.name}" was not entered`);
    if ('retry' in event) {
      visit.attempts++;
      this.covered.add(retries(state.name, event.retry.retrier));
    } else if ('catch' in event) {
      visit.isCaught = true;
      this.covered.add(catches(state.name, event.catch.catcher));
    } else if (event.type === 'StateExited' && !visit.isCaught) this.covered.add(succeeds(state.name));
  }

  #enter({ name, type }: StateEvent['state'], index: number): void {
    const lane = this.#laneOf(name, index);
    const before = lane.at(-1);
    if (before?.type === 'Choice') this.covered.add(goes(before.name, name));
    const visit = { name, type, inner: new Map<string, Visit[]>(), attempts: 1, isCaught: false };
    lane.push(visit);
    this.#latest.set(`${name} ${index}`, visit);
    this.covered.add(enters(name));
  }

  /** The path that a state is on. Only states at the top have states inside: that no machine nests deeper is seen here. */
  #laneOf(name: string, index: number): Visit[] {
    const { parent, branch } = this.#places.get(name) ?? { parent: undefined, branch: 0 };
    if (parent === undefined) return this.#path;
    const outer = this.#latest.get(`${parent} 0`);
    if (!outer) throw new Error(`"${parent}" was not entered before "${name}"`);
    const key = `${branch} ${index}`;
    const lane = outer.inner.get(key) ?? [];
    outer.inner.set(key, lane);
    return lane;
  }
}
