import { quantile } from '../quantiles.ts';
import { seededRandom } from '../../test/dispatch/scenario.ts';
import { recordsPerShard, sample, sampleStandardRead, steps } from './latencies.ts';
import type { Random } from './random.ts';
import type { RecordedOperation, Recording } from './recording.ts';
import type { Conditions } from './simulation.ts';
import { Simulation } from './simulation.ts';

/** How a message reaches the router. */
export type Reading = 'standard' | 'enhanced fan-out';

/** The times of one run of an operation, in milliseconds from the request or the put. */
export interface RunTimes {
  /** Until the caller of the API has the answer, or Lambda the router's. */
  readonly answered: number;
  /** Until the last message has reached a client that polls. */
  readonly received: number;
  readonly usage: Simulation['usage'];
}

const arrival = (reading: Reading, random: Random): number =>
  reading === 'standard'
    ? sampleStandardRead(random)
    : sample(steps['Kinesis, PutRecords to the function, enhanced fan-out'], random);

/** @param arrivalOf milliseconds from the put to the router, for a batch of the stream. @returns when the caller has the answer */
const answered = (simulation: Simulation, { work }: RecordedOperation, arrivalOf: () => number): number => {
  switch (work.type) {
    case 'execution':
      return simulation.execution(work.execution, simulation.step('API Gateway, a request'));
    case 'function':
      return simulation.function(
        work.function,
        simulation.step('API Gateway, a request') + simulation.step('Lambda, an invocation'),
      );
    case 'batch':
      return simulation.function(work.function, arrivalOf());
  }
};

/** The model of a recording. The same recording gives the same numbers. */
export class AwsModel {
  readonly #recording: Recording;
  /** Runs that were made, by what they were of. */
  readonly #known = new Map<string, readonly RunTimes[]>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** @throws Error when the operation was not recorded */
  operation(name: string): RecordedOperation {
    const found = this.#recording.operations[name];
    if (!found) throw new Error(`The recording has no operation "${name}": run npm run bench`);
    return found;
  }

  has(name: string): boolean {
    return name in this.#recording.operations;
  }

  /** Runs an operation `count` times, or gives the runs of an earlier call with the same parameters. */
  runs(name: string, count: number, conditions: Conditions & { readonly reading?: Reading } = {}): readonly RunTimes[] {
    const key = JSON.stringify([name, count, conditions]);
    const runs = this.#known.get(key) ?? this.runsOf(this.operation(name), count, conditions);
    this.#known.set(key, runs);
    return runs;
  }

  runsOf(
    operation: RecordedOperation,
    count: number,
    conditions: Conditions & { readonly reading?: Reading } = {},
  ): readonly RunTimes[] {
    const random = seededRandom(1);
    const arrivalOf = (): number => arrival(conditions.reading ?? 'standard', random);
    return Array.from({ length: count }, () => {
      const simulation = new Simulation(this.#recording, operation, conditions, random);
      const end = answered(simulation, operation, arrivalOf);
      const received = simulation.lastSend + simulation.step('SQS, from a send to the waiting long poll');
      return { answered: end, received, usage: simulation.usage };
    });
  }
}

/** Median and 99th percentile, in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** A row of the table of latencies. */
export interface LatencyRow {
  readonly name: string;
  readonly warm: Percentiles;
  readonly cold: Percentiles;
}

const requestRuns = 2000;

const percentiles = (values: readonly number[]): Percentiles => ({
  p50: Math.round(quantile(values, 0.5)),
  p99: Math.round(quantile(values, 0.99)),
});

interface LatencyCase {
  readonly name: string;
  readonly operation: string;
  readonly until: 'answered' | 'received';
  readonly reading?: Reading;
}

const latencyCases: readonly LatencyCase[] = [
  { name: 'create', operation: 'create', until: 'answered' },
  { name: 'create with a pool (`poolSize`)', operation: 'create from a pool', until: 'answered' },
  ...['create of a session that exists', 'renew', 'status', 'destroy'].map(
    (name) => ({ name, operation: name, until: 'answered' }) as const,
  ),
  { name: 'notify → client', operation: 'notify', until: 'received' },
  { name: 'notify, the answer', operation: 'notify', until: 'answered' },
  { name: 'publish of 100 events → the last client', operation: 'publish of 100 events', until: 'received' },
  { name: 'notify of 200 KB → client', operation: 'notify of 200 KB', until: 'received' },
  { name: 'Kinesis → client', operation: 'one message to one session', until: 'received', reading: 'standard' },
  {
    name: 'Kinesis with enhanced fan-out → client',
    operation: 'one message to one session',
    until: 'received',
    reading: 'enhanced fan-out',
  },
];

/** The row of this name, unless its operation was not recorded. */
export const latencyRow = (model: AwsModel, name: string, conditions: Conditions = {}): LatencyRow | undefined => {
  const found = latencyCases.find((one) => one.name === name);
  if (!found || !model.has(found.operation)) return undefined;
  const { operation, until, reading = 'standard' } = found;
  const take = (cold: boolean): Percentiles =>
    percentiles(model.runs(operation, requestRuns, { ...conditions, cold, reading }).map((run) => run[until]));
  return { name, warm: take(false), cold: take(true) };
};

export const latencyRows = (model: AwsModel): readonly LatencyRow[] =>
  latencyCases.flatMap(({ name }) => latencyRow(model, name) ?? []);

/** A broadcast that was not recorded: the states of the largest one that was, `times` times. */
const repeated = (operation: RecordedOperation, times: number): RecordedOperation => {
  const { work, indexBytes = 0 } = operation;
  if (work.type !== 'execution') throw new Error('A broadcast is recorded as an execution');
  const { events, states } = work.execution;
  const execution = { events: events * times, states: Array.from({ length: times }, () => states).flat() };
  return { ...operation, indexBytes: indexBytes * times, work: { type: 'execution', execution } };
};

export interface BroadcastRow {
  readonly sessions: number;
  /** Until the last session has the message. */
  readonly seconds: number;
}

/** Runs for each size: the larger, the less they differ. */
const broadcastRuns: readonly (readonly [sessions: number, runs: number])[] = [
  [1000, 25],
  [10_000, 9],
  [100_000, 3],
];

export const broadcastName = (sessions: number): string => `one message to ${sessions} sessions`;

const predictBroadcasts = (model: AwsModel): readonly BroadcastRow[] => {
  const take = (operation: RecordedOperation, runs: number): number =>
    quantile(
      model.runsOf(operation, runs).map(({ received }) => received),
      0.5,
    ) / 1000;
  const rows = broadcastRuns
    .filter(([sessions]) => model.has(broadcastName(sessions)))
    .map(([sessions, runs]) => ({ sessions, seconds: take(model.operation(broadcastName(sessions)), runs) }));
  const largest = rows.at(-1);
  if (largest?.sessions !== 100_000) return rows;
  return [...rows, { sessions: 1_000_000, seconds: take(repeated(model.operation(broadcastName(100_000)), 10), 1) }];
};

const predicted = new WeakMap<AwsModel, readonly BroadcastRow[]>();

export const broadcastRows = (model: AwsModel): readonly BroadcastRow[] => {
  const rows = predicted.get(model) ?? predictBroadcasts(model);
  predicted.set(model, rows);
  return rows;
};

const batchRuns = 50;

/**
 * Messages a second that the dispatch of one shard delivers, each to another session: Lambda gives the router one batch after the other. Not more than
 * a shard takes. Undefined when such a batch was not recorded.
 */
export const messagesPerShard = (model: AwsModel, conditions: Conditions = {}): number | undefined => {
  const name = '1,000 messages a second to 1,000 sessions, a second of it';
  if (!model.has(name)) return undefined;
  const { work } = model.operation(name);
  const records = work.type === 'batch' ? work.records : 0;
  const took = model
    .runs(name, batchRuns, { ...conditions, reading: 'enhanced fan-out' })
    .map(({ answered }) => answered);
  const read = steps['Kinesis, PutRecords to the function, enhanced fan-out'].p50;
  return Math.min(recordsPerShard, Math.round(records / ((quantile(took, 0.5) - read) / 1000)));
};

const models = new WeakMap<Recording, AwsModel>();

/** The model of a recording, the same for the same: what it has run it need not run again. */
export const modelOf = (recording: Recording): AwsModel => {
  const model = models.get(recording) ?? new AwsModel(recording);
  models.set(recording, model);
  return model;
};
