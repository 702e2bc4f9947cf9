import { describe, expect, test } from '@jest/globals';
import type { CallGroup, RecordedOperation, RecordedStates, Recording } from '../../../bench/aws-model/recording.ts';
import type { Conditions } from '../../../bench/aws-model/simulation.ts';
import { Simulation } from '../../../bench/aws-model/simulation.ts';
import { quantile } from '../../../bench/quantiles.ts';
import { seededRandom } from '../../dispatch/scenario.ts';

const recording: Recording = {
  functions: {
    f: { megabytes: 256, kilobytes: 300, firstCpu: 30 },
    g: { megabytes: 1024, kilobytes: 100, firstCpu: 10 },
  },
  operations: {},
};

const group = (call: string, more: Partial<CallGroup> = {}): CallGroup => ({
  call,
  after: -1,
  times: 1,
  atOnce: 1,
  ...more,
});
const task = (name: string, ...calls: readonly CallGroup[]) => ({ type: 'task', function: { name, calls } }) as const;
const operation = (states: RecordedStates, more: Partial<RecordedOperation> = {}): RecordedOperation => ({
  work: { type: 'execution', execution: { events: 0, states } },
  logBytes: 0,
  cpu: { f: 3, g: 3 },
  ...more,
});

const runs = (recorded: RecordedOperation, conditions: Conditions = {}, count = 60) => {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => {
    const simulation = new Simulation(recording, recorded, conditions, random);
    const { work } = recorded;
    const end = work.type === 'execution' ? simulation.execution(work.execution, 0) : NaN;
    return { end, simulation };
  });
};

const median = (recorded: RecordedOperation, conditions?: Conditions): number =>
  quantile(
    runs(recorded, conditions).map(({ end }) => end),
    0.5,
  );

describe('a run on AWS', () => {
  const one = operation([task('f', group('sqs:CreateQueue'))]);

  test('is the same for the same seed', () => {
    expect(median(one)).toBe(median(one));
  });

  test('takes longer with two functions than with one, and not much with both in a Parallel', () => {
    const two = operation([task('f', group('sqs:CreateQueue')), task('g', group('sqs:CreateQueue'))]);
    const parallel = operation([
      { type: 'parallel', branches: [[task('f', group('sqs:CreateQueue'))], [task('g', group('sqs:CreateQueue'))]] },
    ]);
    expect(median(two)).toBeGreaterThan(median(one) + 80);
    expect(median(parallel)).toBeLessThan(median(two) - 40);
  });

  test('takes longer with less memory, a slower processor and new environments', () => {
    expect(median(one)).toBeGreaterThan(median(one, { megabytes: 1769 }));
    expect(median(one, { cpuFactor: 4 })).toBeGreaterThan(median(one) + 20);
    expect(median(one, { cold: true })).toBeGreaterThan(median(one) + 400);
  });

  test('is the calls and the CPU alone where the steps of AWS are left out', () => {
    expect(median(one, { onlyCalls: true })).toBeGreaterThan(75);
    expect(median(one, { onlyCalls: true })).toBeLessThan(95);
  });

  test('of calls that wait for each other is the sum of their times, of calls at once the longest', () => {
    const chain = operation([task('f', group('sqs:CreateQueue'), group('sqs:CreateQueue', { after: 0 }))]);
    const together = operation([task('f', group('sqs:CreateQueue', { times: 2, atOnce: 2 }))]);
    expect(median(chain, { onlyCalls: true })).toBeGreaterThan(160);
    expect(median(together, { onlyCalls: true })).toBeLessThan(140);
  });

  test('names a call that has no latency and a function that was not recorded', () => {
    expect(() => median(operation([task('f', group('sns:Publish'))]))).toThrow('no latency of sns:Publish');
    expect(() => median(operation([task('h')]))).toThrow('The recording has no function h');
  });
});

describe('a broadcast', () => {
  const deliveries = (times: number) =>
    operation([
      {
        type: 'map',
        iterations: [{ times, states: [task('g', group('sqs:SendMessageBatch', { times: 25, atOnce: 64 }))] }],
      },
    ]);

  test('runs 40 deliveries at once', () => {
    expect(median(deliveries(40))).toBeLessThan(1.6 * median(deliveries(4)));
    expect(median(deliveries(160))).toBeGreaterThan(1.8 * median(deliveries(40)));
  });

  test('ends for the sessions with the last send, before the execution does', () => {
    const [run] = runs(deliveries(40), {}, 1);
    expect(run?.simulation.lastSend).toBeGreaterThan(0);
    expect(run?.simulation.lastSend).toBeLessThan(run?.end ?? 0);
  });

  test('reads no more than its partition gives', () => {
    const states = [task('f', group('dynamodb:Query', { times: 100 }))];
    // 12 MB are 3,000 units of 4 KiB, which take a second.
    expect(median(operation(states, { indexBytes: 3000 * 4096 * 3 }), { onlyCalls: true })).toBeGreaterThan(3000);
  });
});

test('what is billed are the runs, the memory for their time, and the time of the execution', () => {
  const [run] = runs(operation([task('f'), task('f')]), { megabytes: 1024 }, 1);
  const { functionRuns, gigabyteSeconds, executionSeconds } = run?.simulation.usage ?? {};
  expect(functionRuns).toBe(2);
  expect(gigabyteSeconds).toBeGreaterThan(0.0059);
  expect(gigabyteSeconds).toBeLessThan(0.1);
  expect(executionSeconds).toHaveLength(1);
});
