/** What an execution's events say of its states, and the machine's definition as a graph. Pure: runs in the page and in tests. */

export interface LoggedEvent {
  readonly id: number;
  readonly previousId: number;
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

export type VisitStatus = 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted';

/** One time that the execution was in a state. */
export interface Visit {
  readonly state: string;
  readonly entered: number;
  exited: number | undefined;
  status: VisitStatus;
  /** How often its function was called. */
  attempts: number;
  readonly errors: { readonly error: string; readonly cause: string; readonly at: number }[];
  readonly input: string | undefined;
  output: string | undefined;
  /** The function it calls, by its name. */
  resource: string | undefined;
  /** Only of a Map. */
  iterations: { succeeded: number; failed: number; total: number } | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What a cause says to people: a function's is JSON with a message in it, which may be JSON again. */
export const readCause = (cause: string | undefined): string => {
  if (!cause?.startsWith('{')) return cause ?? '';
  try {
    const { errorMessage, message } = JSON.parse(cause) as {
      readonly errorMessage?: string;
      readonly message?: string;
    };
    const inner = errorMessage ?? message;
    return inner === undefined ? cause : readCause(inner);
  } catch {
    return cause;
  }
};

const failures = /^(LambdaFunction|Task|Activity).*(Failed|TimedOut)$/;

const endsExecution = /^Execution(Failed|TimedOut|Aborted)$/;

class Reader {
  readonly visits: Visit[] = [];
  readonly #events = new Map<number, LoggedEvent>();
  readonly #visitOf = new Map<number, Visit | undefined>();

  add(event: LoggedEvent): void {
    this.#events.set(event.id, event);
    if (endsExecution.test(event.type)) this.#end(event);
    else this.#visitOf.set(event.id, this.#visit(event));
  }

  #visit(event: LoggedEvent): Visit | undefined {
    const { type, details, timestamp } = event;
    if (type.endsWith('StateEntered')) return this.#enter(event);
    const name = text(details['name']);
    if (type.endsWith('StateExited')) {
      const left = this.#ancestor(event, ({ state }) => state === name);
      if (left) this.#exit(left, event);
      return undefined;
    }
    if (type.startsWith('MapIteration')) return this.#iteration(event);
    const visit = this.#visitOf.get(event.previousId);
    if (!visit) return undefined;
    if (type === 'MapStateStarted')
      visit.iterations = { succeeded: 0, failed: 0, total: Number(details['length'] ?? 0) };
    if (type === 'LambdaFunctionScheduled') {
      visit.attempts += 1;
      visit.resource = text(details['resource'])?.split(':').at(-1);
    }
    if (failures.test(type)) {
      const error = text(details['error']) ?? type;
      visit.errors.push({ error, cause: readCause(text(details['cause'])), at: timestamp });
    }
    if (/^(Map|Parallel)StateFailed$/.test(type)) {
      const error = text(details['error']) ?? type;
      visit.errors.push({ error, cause: readCause(text(details['cause'])), at: timestamp });
    }
    return visit;
  }

  #iteration(event: LoggedEvent): Visit | undefined {
    const map = this.#ancestor(event, ({ iterations }) => iterations !== undefined);
    if (map?.iterations && event.type === 'MapIterationSucceeded') map.iterations.succeeded += 1;
    if (map?.iterations && event.type === 'MapIterationFailed') map.iterations.failed += 1;
    return map;
  }

  #enter({ type, details, timestamp }: LoggedEvent): Visit {
    const isFail = type === 'FailStateEntered';
    const visit: Visit = {
      state: text(details['name']) ?? '?',
      entered: timestamp,
      exited: isFail ? timestamp : undefined,
      status: isFail ? 'failed' : 'running',
      ...{ attempts: 0, errors: [], input: text(details['input']), output: undefined },
      ...{ resource: undefined, iterations: undefined },
    };
    this.visits.push(visit);
    return visit;
  }

  #exit(visit: Visit, { details, timestamp }: LoggedEvent): void {
    visit.exited = timestamp;
    visit.output = text(details['output']);
    // A state that is left after its last attempt failed has caught that.
    visit.status =
      visit.errors.length > 0 && visit.errors.length >= Math.max(1, visit.attempts) ? 'caught' : 'succeeded';
  }

  #end({ type, timestamp }: LoggedEvent): void {
    for (const visit of this.visits.filter(({ exited }) => exited === undefined)) {
      visit.exited = timestamp;
      visit.status = visit.errors.length > 0 || type === 'ExecutionTimedOut' ? 'failed' : 'aborted';
    }
  }

  /** The nearest visit of this kind, not left yet, that the event belongs to. */
  #ancestor(event: LoggedEvent, isMeant: (visit: Visit) => boolean): Visit | undefined {
    for (let at: LoggedEvent | undefined = event; at; at = this.#events.get(at.previousId)) {
      const visit = this.#visitOf.get(at.id);
      if (visit && visit.exited === undefined && isMeant(visit)) return visit;
    }
    // The log may lack events in between: the last open one is most likely it.
    return this.visits.findLast((visit) => visit.exited === undefined && isMeant(visit));
  }
}

/** The states that an execution was in, in the order in which it entered them. */
export const readVisits = (events: readonly LoggedEvent[]): readonly Visit[] => {
  const reader = new Reader();
  for (const event of events) reader.add(event);
  return reader.visits;
};

const severity: readonly VisitStatus[] = ['failed', 'running', 'aborted', 'caught', 'succeeded'];

/** What happened in a state, all its visits together: the worst of them. */
export const statusOf = (visits: readonly Visit[]): VisitStatus | undefined =>
  severity.find((status) => visits.some((visit) => visit.status === status));
