import { CpuShare } from './cpu-share.ts';
import type { Step } from './latencies.ts';
import { initPerKilobyte, latencyOf, partitionReads, sample, steps } from './latencies.ts';
import type { Random } from './random.ts';
import type {
  CallGroup,
  MeasuredFunction,
  RecordedExecution,
  RecordedFunction,
  RecordedOperation,
  RecordedState,
  RecordedStates,
  Recording,
} from './recording.ts';
import { runsIn } from './recording.ts';

/** Looked up once: in the contexts of Jest every use of a global name is slow. */
const { max, min } = Math;

export interface Conditions {
  /** Whether no function has an environment yet. Default no. */
  readonly cold?: boolean;
  /** The memory of every function. Default its own. */
  readonly megabytes?: number;
  /** How much more CPU time Lambda's processors need than this machine's. Default 1. */
  readonly cpuFactor?: number;
  /** Only AWS calls and the functions' CPU take time, as in a run with the calls' latencies injected. Default no. */
  readonly onlyCalls?: boolean;
}

/** What a piece of work used, in units that are billed. */
export interface Usage {
  functionRuns: number;
  /** Gigabytes of memory times seconds. */
  gigabyteSeconds: number;
  /** Seconds of each execution. */
  readonly executionSeconds: number[];
}

/** Iterations that a Map runs at once: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
const mapConcurrency = 40;
/** Milliseconds of CPU of a TLS handshake in Node.js; assumed. */
const handshakeCpu = 2.1;
/** Bytes of an answer of DynamoDB for each millisecond above that of a small one; assumed. */
const queryBytesPerMillisecond = 30_000;
/** Part of a new environment's start that is not billed: making the sandbox; assumed. */
const sandboxMilliseconds = 80;

/** The index of the earliest of these times. */
const earliest = (times: readonly number[]): number => {
  let [found, minimum] = [0, times[0] ?? 0];
  for (let index = 1; index < times.length; index += 1) {
    const time = times[index] ?? 0;
    if (time < minimum) [found, minimum] = [index, time];
  }
  return found;
};

/**
 * One run of recorded work on AWS, with every time drawn anew. All times are milliseconds from its begin.
 * @throws Error naming a call or a function that the recording or the latencies lack
 */
export class Simulation {
  readonly usage: Usage = { functionRuns: 0, gigabyteSeconds: 0, executionSeconds: [] };
  /** When the last send was accepted; 0 without one. */
  lastSend = 0;
  readonly #recording: Recording;
  readonly #operation: RecordedOperation;
  readonly #conditions: Conditions;
  readonly #random: Random;
  /** Until when each environment of a function is busy. */
  readonly #environments = new Map<string, number[]>();
  readonly #queryBytes: ReadonlyMap<string, number>;
  /** Until when the partition of the account's sessions gives nothing more. */
  #partitionBusy = 0;

  constructor(recording: Recording, operation: RecordedOperation, conditions: Conditions, random: Random) {
    this.#recording = recording;
    this.#operation = operation;
    this.#conditions = conditions;
    this.#random = random;
    this.#queryBytes = bytesOfQueries(operation);
  }

  step(name: Step): number {
    return this.#conditions.onlyCalls ? 0 : sample(steps[name], this.#random);
  }

  /** @returns when it has ended */
  execution({ states }: RecordedExecution, begin: number): number {
    const end = this.#states(states, begin + this.step('Step Functions, start of an execution'));
    this.usage.executionSeconds.push((end - begin) / 1000);
    return end + this.step('Step Functions, end of an execution');
  }

  #states(states: RecordedStates, begin: number): number {
    return states.reduce((time, state) => this.#state(state, time), begin);
  }

  #state(state: RecordedState, begin: number): number {
    switch (state.type) {
      case 'task': {
        const invoked = begin + this.step('Step Functions, begin of a task') + this.step('Lambda, an invocation');
        return this.function(state.function, invoked) + this.step('Step Functions, end of a task');
      }
      case 'transition':
        return begin + this.step('Step Functions, a Choice, Pass or Succeed');
      case 'parallel': {
        const forked = begin + this.step('Step Functions, begin of a Parallel or Map');
        const ends = state.branches.map((branch) => this.#states(branch, forked));
        return max(forked, ...ends) + this.step('Step Functions, end of a Parallel or Map');
      }
      case 'map':
        return this.#map(state, begin + this.step('Step Functions, begin of a Parallel or Map'));
    }
  }

  #map({ iterations }: Extract<RecordedState, { type: 'map' }>, begin: number): number {
    const slots = new Array<number>(mapConcurrency).fill(begin);
    for (const { times, states } of iterations) {
      for (let count = 0; count < times; count += 1) {
        const slot = earliest(slots);
        const from = (slots[slot] ?? begin) + this.step('Step Functions, begin of an iteration');
        slots[slot] = this.#states(states, from);
      }
    }
    return max(...slots) + this.step('Step Functions, end of a Parallel or Map');
  }

  /** @param invoked when the event has reached Lambda. @returns when the answer has left it */
  function(run: RecordedFunction, invoked: number): number {
    const measured = this.#measured(run.name);
    const { environment, isNew, environments } = this.#environment(run.name, invoked);
    const init = isNew ? this.#init(measured) : 0;
    const begin = invoked + init;
    const end = this.#calls(run, begin, isNew);
    environments[environment] = end;
    this.usage.functionRuns += 1;
    const billed = end - begin + max(0, init - sandboxMilliseconds);
    this.usage.gigabyteSeconds += ((this.#conditions.megabytes ?? measured.megabytes) / 1024) * (billed / 1000);
    return end + this.step('Lambda, the answer');
  }

  #measured(name: string): MeasuredFunction {
    const found = this.#recording.functions[name];
    if (!found) throw new Error(`The recording has no function ${name}`);
    return found;
  }

  /** A free environment of the function, or a new one. */
  #environment(name: string, time: number) {
    const environments = this.#environments.get(name) ?? [];
    this.#environments.set(name, environments);
    const free = environments.findIndex((busyUntil) => busyUntil <= time);
    const environment = free < 0 ? environments.length : free;
    return { environments, environment, isNew: free < 0 && (this.#conditions.cold ?? false) };
  }

  #init({ kilobytes }: MeasuredFunction): number {
    return this.step('Lambda, a new environment without code') + kilobytes * initPerKilobyte.milliseconds;
  }

  /** The function's CPU is spread evenly: before the first call, and before each further one. */
  #calls({ name, calls }: RecordedFunction, begin: number, isNew: boolean): number {
    const { megabytes, firstCpu } = this.#measured(name);
    const { cpuFactor = 1, megabytes: given = megabytes } = this.#conditions;
    const cpu = new CpuShare(this.#conditions.onlyCalls ? Infinity : given, this.#random());
    const whole = cpuFactor * (isNew ? firstCpu : (this.#operation.cpu[name] ?? 0));
    const part = whole / (1 + calls.reduce((sum, { times }) => sum + times, 0));
    const ready = cpu.run(begin, part);
    const ends: number[] = [];
    const hosts = new Set<string>();
    for (const group of calls) {
      const [service = ''] = group.call.split(':');
      const connects = isNew && !hosts.has(service);
      hosts.add(service);
      ends.push(this.#group(group, { name, cpu, part, connects, from: ends[group.after] ?? ready }));
    }
    return max(ready, ...ends);
  }

  #group(group: CallGroup, context: GroupContext): number {
    const { name, cpu, part, connects, from } = context;
    const slots = new Array<number>(max(1, min(group.atOnce, group.times))).fill(from);
    let last = from;
    for (let count = 0; count < group.times; count += 1) {
      const slot = earliest(slots);
      let time = cpu.run(slots[slot] ?? from, part);
      if (connects && count < slots.length) time = cpu.run(time, handshakeCpu) + this.step('TLS, a new connection');
      const end = this.#call(name, group, count, time);
      slots[slot] = end;
      last = max(last, end);
    }
    if (/^sqs:SendMessage/.test(group.call)) this.lastSend = max(this.lastSend, last);
    return last;
  }

  #call(name: string, { call, executions = [] }: CallGroup, count: number, begin: number): number {
    const execution = executions[count];
    if (execution) return this.execution(execution, begin);
    const end = begin + sample(latencyOf(call), this.#random);
    return call === 'dynamodb:Query' ? this.#readIndex(this.#queryBytes.get(name) ?? 0, begin, end) : end;
  }

  /** When a query of `bytes` has ended: a large answer takes longer, and the partition has a limit of read units. */
  #readIndex(bytes: number, begin: number, end: number): number {
    const milliseconds = (bytes / partitionReads.bytesPerUnit / partitionReads.unitsPerSecond) * 1000;
    this.#partitionBusy = max(this.#partitionBusy, begin) + milliseconds;
    return max(end + bytes / queryBytesPerMillisecond, this.#partitionBusy);
  }
}

interface GroupContext {
  /** The function's. */
  readonly name: string;
  readonly cpu: CpuShare;
  /** Milliseconds of CPU before each call. */
  readonly part: number;
  /** Whether its connections are new. */
  readonly connects: boolean;
  readonly from: number;
}

/** Bytes that one query of each function reads, when each function reads the whole index. */
const bytesOfQueries = ({ work, indexBytes = 0 }: RecordedOperation): ReadonlyMap<string, number> => {
  const queries = new Map<string, number>();
  const isQuery = ({ call }: CallGroup): boolean => call === 'dynamodb:Query';
  const visit = (run: RecordedFunction, times: number): void => {
    const own = run.calls.filter(isQuery).reduce((sum, group) => sum + group.times, 0);
    queries.set(run.name, (queries.get(run.name) ?? 0) + own * times);
  };
  if (indexBytes > 0) runsIn(work, visit);
  return new Map([...queries].map(([name, count]) => [name, count === 0 ? 0 : indexBytes / count]));
};
