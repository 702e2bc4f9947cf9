/** The predictions as docs/performance.md shows them. */
import type { Judged } from '../judged.ts';
import { missedList } from '../judged.ts';
import { numberText, table } from '../markdown.ts';
import { calls, initPerKilobyte, partitionReads, recordsPerShard, steps } from './latencies.ts';
import type { AwsModel, BroadcastRow, LatencyRow } from './predictions.ts';
import { broadcastRows, latencyRow, latencyRows, messagesPerShard } from './predictions.ts';

interface Aim {
  readonly warm?: number;
  readonly cold?: number;
  /** Why it is missed where it is; true whatever machine the recording is from. */
  readonly reason: string;
}

/** Aims for medians, in milliseconds. */
const latencyAims: Readonly<Record<string, Aim>> = {
  create: {
    ...{ warm: 350, cold: 1500 },
    reason:
      'A create waits for calls of Cognito, STS and SQS, whose times are assumed and longer than everything of ours, and for as many functions as it has tasks in a row. Without an environment each of these functions starts one after the other, and a start is mostly that of Node.js',
  },
  'create with a pool (`poolSize`)': {
    ...{ warm: 350, cold: 1500 },
    reason:
      'The keys are still made by Cognito and then STS, whose times are assumed, between a read and a write of the record. Without an environment the functions start one after the other',
  },
  renew: {
    warm: 360,
    reason:
      'New keys take one call of Cognito and then one of STS, whose times are assumed; the policy is set beside them',
  },
  destroy: {
    warm: 300,
    reason: 'The record has to go before the queue and the identity do, or a session could be found that has no queue',
  },
  'notify → client': {
    warm: 120,
    reason: 'API Gateway and the start of an execution take half of it before our first line of code runs',
  },
  'Kinesis with enhanced fan-out → client': {
    warm: 120,
    reason:
      'Two of the three steps before the send are not ours: the stream (49 ms) and the start of an execution (44 ms). What could go is the execution, and with it the run that shows in the console what became of the event',
  },
};

/** Aims for the last session of a broadcast, in seconds. */
const broadcastAims: Readonly<Record<number, number>> = { 1000: 0.5, 10_000: 1, 100_000: 5, 1_000_000: 50 };

const broadcastReason =
  'The index of an account is one partition, and is read twice: for the plan, and range by range by the deliveries. Sends are work for the CPU, of which 40 deliveries at once have a share each';

const shardAim = recordsPerShard;

const shardReason =
  'Each session that is named takes a query and a send, which are work for the CPU of the deliveries; `parallelizationFactor=2` and more run as many batches of a shard side by side';

const verdict = (value: number, aim: number | undefined, unit: string): string => {
  if (aim === undefined) return '';
  return value <= aim ? `met (${numberText(aim)} ${unit})` : `**missed** (${numberText(aim)} ${unit})`;
};

const latencyTable = (rows: readonly LatencyRow[]): string =>
  table(
    ['milliseconds', 'warm, p50', 'p99', 'aim for p50', 'all cold, p50', 'p99', 'aim for p50'],
    rows.map(({ name, warm, cold }) => {
      const aim = latencyAims[name];
      return [
        ...[name, numberText(warm.p50), numberText(warm.p99), verdict(warm.p50, aim?.warm, 'ms')],
        ...[numberText(cold.p50), numberText(cold.p99), verdict(cold.p50, aim?.cold, 'ms')],
      ];
    }),
  );

const broadcastTable = (rows: readonly BroadcastRow[]): string =>
  table(
    ['sessions of one account', 'the last has it after', 'aim'],
    rows.map(({ sessions, seconds }) => [
      numberText(sessions),
      `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`,
      verdict(seconds, broadcastAims[sessions], 's'),
    ]),
  );

const judgedLatencies = (rows: readonly LatencyRow[]): readonly Judged[] =>
  rows.flatMap(({ name, warm, cold }) => {
    const aim = latencyAims[name];
    if (!aim) return [];
    const pairs = [
      [name, warm.p50, aim.warm],
      [`${name}, all cold`, cold.p50, aim.cold],
    ] as const;
    return pairs.flatMap(([title, value, limit]) =>
      limit === undefined ? [] : [{ name: title, isMet: value <= limit, reason: aim.reason }],
    );
  });

const judgedBroadcasts = (rows: readonly BroadcastRow[]): readonly Judged[] =>
  rows.flatMap(({ sessions, seconds }) => {
    const aim = broadcastAims[sessions];
    const name = `the last of ${numberText(sessions)} sessions`;
    return aim === undefined ? [] : [{ name, isMet: seconds <= aim, reason: broadcastReason }];
  });

/** The aims on AWS, and whether the model meets them. */
export const judgedPredictions = (model: AwsModel): readonly Judged[] => {
  const perShard = messagesPerShard(model);
  const shard = { name: 'messages of one shard', isMet: (perShard ?? 0) >= shardAim, reason: shardReason };
  return [
    ...judgedLatencies(latencyRows(model)),
    ...judgedBroadcasts(broadcastRows(model)),
    ...(perShard === undefined ? [] : [shard]),
  ];
};

/** How the medians change when Lambda's processors are faster or slower than this machine's. */
const sensitivity = (model: AwsModel): string => {
  const names = ['create', 'renew', 'destroy', 'notify → client', 'Kinesis with enhanced fan-out → client'];
  const factors = [0.5, 1, 2] as const;
  return table(
    ['milliseconds, p50, warm / all cold', 'half the CPU time', 'as here', 'twice the CPU time'],
    names.map((name) => {
      const rows = factors.map((cpuFactor) => latencyRow(model, name, cpuFactor === 1 ? {} : { cpuFactor }));
      return [name, ...rows.map((row) => (row ? `${numberText(row.warm.p50)} / ${numberText(row.cold.p50)}` : '–'))];
    }),
  );
};

const sourceTable = (): string =>
  table(
    ['what', 'p50, ms', 'p99, ms', 'source'],
    [...Object.entries(steps), ...Object.entries(calls)].map(([name, { p50, p99, source }]) => [
      name,
      p50,
      p99,
      source,
    ]),
  );

/** The whole part of the page. */
export const predictions = (model: AwsModel): string => {
  const perShard = messagesPerShard(model);
  const missed = missedList(judgedPredictions(model));
  return `${latencyTable(latencyRows(model))}

One message to all sessions of an account, all functions warm:

${broadcastTable(broadcastRows(model))}

A broadcast to 1,000,000 is not recorded: it is that to 100,000, ten times one after the other.

${perShard === undefined ? '' : `Messages of one shard to distinct sessions: ${numberText(perShard)} a second, of the ${numberText(shardAim)} that a shard takes (the aim, ${perShard < shardAim ? '**missed**' : 'met'}).`}

${missed === '' ? '' : `Where the model says that an aim is missed:\n\n${missed}`}

The CPU time is this machine's. What Lambda's processors would make of it:

${sensitivity(model)}

<details><summary>The times that the model is made of, and their sources</summary>

${sourceTable()}

A new environment takes ${initPerKilobyte.milliseconds} ms more for each kilobyte of the bundle: ${initPerKilobyte.source}. A partition gives
${numberText(partitionReads.unitsPerSecond)} read units a second: ${partitionReads.source}.

</details>`;
};
