/** Runs each operation of the service, and records what it made the machines and functions do. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { taskGroups, taskNames, type TaskDefinition } from '../../infra/tasks.ts';
import { listeners, messages, seededRandom, shuffled } from '../../test/dispatch/scenario.ts';
import type { Counts } from '../counts.ts';
import { plant } from '../plant.ts';
import { maxPutRecords, putRecords } from '../put-records.ts';
import type { Subject } from '../subject.ts';
import type { MeasuredFunction, RecordedOperation, RecordedWork, Recording } from './recording.ts';
import { callsIn, cpuOfRuns, kebabCase } from './recording.ts';

/** Runs of an operation before its CPU is measured, and while it is. */
const warmUps = 10;
const measuredRuns = 30;
const measuredBatches = 3;

const account = 6000;
const distinctAccount = 6001;
const smallAccount = 6002;

/** Sessions for which there are two deliveries: with one less Route Messages sends by itself. */
const fewDeliveries = 26;

/** Records of one read of a shard. */
const fullBatch = 1000;

/** One batch of the stream, as Lambda reads it. */
export interface BatchScenario {
  readonly name: string;
  readonly records: readonly string[];
}

const toSession = (accountId: number, sessionId: string, number: number): string =>
  JSON.stringify({ accountId, sessionId, number, text: 'x'.repeat(60) });

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** What Lambda reads of a shard at once, in the mixes that docs/cost.md shows. */
export const batchScenarios: readonly BatchScenario[] = [
  { name: 'one message to one session', records: [toSession(account, 'r0', 0)] },
  {
    name: '500 messages a second to 100 sessions, a second of it',
    records: times(500, (number) => toSession(account, `r${number % 100}`, number)),
  },
  {
    name: '1,000 messages a second to 100 sessions, a second of it',
    records: times(fullBatch, (number) => toSession(account, `r${number % 100}`, number)),
  },
  {
    name: '1,000 messages a second to 1,000 sessions, a second of it',
    records: times(fullBatch, (number) => toSession(distinctAccount, `b${number}`, number)),
  },
  {
    name: '1,000 messages to the accounts, users and sessions of ten accounts of five sessions each',
    records: shuffled(messages, seededRandom(1))
      .slice(0, fullBatch)
      .map(({ text }) => text),
  },
];

/** Collects what is recorded. */
class Operations {
  readonly #subject: Subject;
  readonly #firstRuns = new Map<string, { readonly cpu: number; readonly runs: number }>();
  readonly #firstCpu = new Map<string, number>();
  readonly operations: Record<string, RecordedOperation> = {};

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** A request that only shows the CPU of first runs. */
  async first(run: () => Promise<unknown>): Promise<void> {
    await this.#subject.counts();
    await run();
    this.#seeFirst(await this.#subject.counts());
  }

  /** A request: once for the CPU of first runs, some times for that of warm ones, once to record it. */
  async request(name: string, run: (index: number) => Promise<unknown>): Promise<void> {
    const subject = this.#subject;
    await subject.counts();
    await run(0);
    this.#seeFirst(await subject.counts());
    for (let index = 1; index <= warmUps; index += 1) await run(index);
    await subject.counts();
    for (let index = 1; index <= measuredRuns; index += 1) await run(warmUps + index);
    const measured = await subject.counts({ recording: 'held' });
    await run(1 + warmUps + measuredRuns);
    const { recorded } = await subject.counts();
    const [execution] = recorded?.executions ?? [];
    const [behind] = recorded?.functions ?? [];
    const work: RecordedWork | undefined = behind
      ? { type: 'function', function: behind }
      : execution && { type: 'execution', execution };
    if (!work) throw new Error(`${name} ran no state machine and no function`);
    this.#add(name, work, measured, measuredRuns);
  }

  /** A batch of the stream. */
  async batch({ name, records }: BatchScenario): Promise<void> {
    const subject = this.#subject;
    await subject.counts();
    await this.#put(records);
    this.#seeFirst(await subject.counts({ records: records.length }));
    const repeated = records.length === 1 ? measuredRuns : measuredBatches;
    for (let count = 0; count < repeated; count += 1) await this.#put(records);
    const all = repeated * records.length;
    const measured = await subject.counts({ records: all, recording: 'held' });
    // While Lambda works on this batch, the records of the next put are read together.
    const first = records.length === 1 ? [] : [toSession(account, 'nobody', 0)];
    if (first.length > 0) await this.#put(first);
    await this.#put(records);
    const { recorded } = await subject.counts({ records: first.length + records.length });
    const largest = [...(recorded?.batches ?? [])].sort((a, b) => b.records - a.records)[0];
    if (!largest) throw new Error(`The router did nothing for ${name}`);
    const work: RecordedWork = { type: 'batch', ...largest };
    this.#add(name, work, measured, all / largest.records);
  }

  /** @param repeated how often `measured` has the work */
  #add(name: string, work: RecordedWork, measured: Counts, repeated: number): void {
    const cpu = cpuOfRuns(work, measured.cpu, repeated);
    this.operations[name] = { work, cpu, logBytes: Math.round(measured.logBytes / repeated) };
    this.#settleFirst(cpu);
  }

  /** CPU of the first run of a function; 0 of one that was not run. */
  firstCpu(name: string): number {
    return Number((this.#firstCpu.get(name) ?? 0).toFixed(1));
  }

  #seeFirst({ calls, batches, cpu }: Counts): void {
    const runs = Object.entries(calls).filter(([call]) => call.startsWith('lambda:'));
    for (const [construct, milliseconds] of Object.entries(cpu)) {
      const name = kebabCase(construct);
      const own = name === 'router' ? batches.length : runs.find(([call]) => call.endsWith(`-${name}`))?.[1];
      if (own && !this.#firstRuns.has(name)) this.#firstRuns.set(name, { cpu: milliseconds, runs: own });
    }
  }

  /** Of several first runs all but one are taken to have been warm. */
  #settleFirst(cpu: RecordedOperation['cpu']): void {
    for (const [run, warm] of Object.entries(cpu)) {
      const first = this.#firstRuns.get(run);
      if (!first || this.#firstCpu.has(run)) continue;
      this.#firstCpu.set(run, Math.max(warm, first.cpu - (first.runs - 1) * warm));
    }
  }

  async #put(records: readonly string[]): Promise<void> {
    const calls: Promise<unknown>[] = [];
    for (let from = 0; from < records.length; from += maxPutRecords) {
      const part = records.slice(from, from + maxPutRecords);
      calls.push(
        putRecords(
          this.#subject,
          part.map((text) => ['model', text]),
        ),
      );
    }
    await Promise.all(calls);
  }
}

/** Sessions of the account. */
const sessions = 100;

/** Requests about sessions `r0` to `r99` and messages to them. */
const recordRequests = async (operations: Operations, subject: Subject): Promise<void> => {
  const session = (index: number): string => `${account}/r${index}`;
  await operations.request('create', (index) => subject.get(`/create/${session(index)}/5`));
  // The others; those that were made are not refreshed, which would be the first run of Set Policy.
  for (let index = warmUps + measuredRuns + 2; index < sessions; index += 1)
    await subject.create(account, `r${index}`, 5);
  await operations.request('create of a session that exists', (index) => subject.get(`/create/${session(index)}/5`));
  await operations.request('renew', (index) => subject.get(`/renew/${session(index)}`));
  await operations.request('status', (index) => subject.get(`/status/${session(index)}`));
  await operations.request('notify', (index) => subject.get(`/notify/${account}/session/r${index}?text=hello`));
  // One delivery more than Route Messages would make by itself, and a small one: the first run of Deliver Batch is hardly mixed with others.
  for (let index = 0; index < fewDeliveries; index += 1) await subject.create(smallAccount, `r${index}`);
  await operations.first(() => subject.get(`/notify/${smallAccount}?text=hello`));
  await operations.request('notify to 100 sessions', (index) => subject.get(`/notify/${account}?text=hello${index}`));
  if (taskNames.includes('publish')) {
    const events = Array.from({ length: sessions }, (_, index) => ({
      message: { accountId: account, sessionId: `r${index}`, text: 'hello' },
    }));
    await operations.request('publish of 100 events', () => subject.post('/publish', { events }));
  }
  const random = seededRandom(3);
  // Text that compression makes hardly smaller.
  const text = times(200_000, () => Math.floor(random() * 36).toString(36)).join('');
  await operations.request('notify of 200 KB', (index) =>
    subject.post(`/notify/${account}/session/r${index}`, { text }),
  );
};

/** Functions that a stack has only with a pool. */
const ofPool = ['fill-pool'];

/** Every function has loaded its bundle, so that no first run has to. @throws Error that names those that have not, after a minute */
const allLoaded = async (subject: Subject, names: readonly string[]): Promise<void> => {
  let missing = names;
  for (let attempt = 0; missing.length > 0; attempt += 1) {
    if (attempt === 600) throw new Error(`Functions that did not load: ${missing.join(', ')}`);
    const loaded = Object.keys((await subject.counts()).cpu).map(kebabCase);
    missing = names.filter((name) => !loaded.includes(name));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** The memory of each function from the table that the stack is made of, the size of its bundle, and the CPU of its first run. */
const measuredFunctions = (operations: Operations, bundles: string): Readonly<Record<string, MeasuredFunction>> => {
  const groups: readonly Readonly<Record<string, TaskDefinition>>[] = Object.values(taskGroups);
  const tasks = groups.flatMap((group) => Object.entries(group));
  return Object.fromEntries(
    tasks.map(([name, { memory = 256 }]) => {
      const kilobytes = Math.round(statSync(join(bundles, name, 'handler.mjs')).size / 1000);
      return [name, { megabytes: memory, kilobytes, firstCpu: operations.firstCpu(name) }];
    }),
  );
};

/**
 * Records every operation of a service that was just started, so that first runs are first.
 * @param bundles the folder with the functions' bundles
 */
export const recordOperations = async (subject: Subject, bundles: string): Promise<Recording> => {
  const operations = new Operations(subject);
  await allLoaded(
    subject,
    taskNames.filter((name) => !ofPool.includes(name)),
  );
  await recordRequests(operations, subject);
  await plant(subject, distinctAccount, fullBatch);
  for (const { accountId, sessionId, userId } of listeners)
    await subject.create(accountId, encodeURIComponent(sessionId), userId);
  for (const scenario of batchScenarios) await operations.batch(scenario);
  await operations.request('destroy', (index) => subject.get(`/destroy/${account}/r${index}`));
  return { functions: measuredFunctions(operations, bundles), operations: operations.operations };
};

/** Pairs in the pool: one for each create that is recorded, and some more. */
export const recordedPool = warmUps + measuredRuns + 20;

/**
 * Records creates that take what was made in advance.
 * @param subject a service whose stack has a pool of `recordedPool` pairs
 */
export const recordPool = async (subject: Subject): Promise<Recording['operations']> => {
  const operations = new Operations(subject);
  await allLoaded(subject, taskNames);
  const stateMachineArn = subject.outputs['FillPoolMachineArn'];
  await subject.aws('states', 'AWSStepFunctions.StartExecution', { stateMachineArn, input: '{}' });
  // Each pair is an item that is put when its queue can be used; the lease is another one.
  let put = 0;
  for (let attempt = 0; put < recordedPool + 1; attempt += 1) {
    if (attempt === 300)
      throw new Error(`The pool was not filled within a minute: ${put} items, not ${recordedPool + 1}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    put += (await subject.counts()).calls['dynamodb:PutItem'] ?? 0;
  }
  const name = 'create from a pool';
  await operations.request(name, (index) => subject.get(`/create/${account}/p${index}/5`));
  const found = operations.operations[name];
  if (found && callsIn(found.work).has('cognito-identity:GetId')) throw new Error(`The recorded ${name} found no pair`);
  return operations.operations;
};
