import { due, listeners, messages, seededRandom, shuffled } from '../../test/dispatch/scenario.ts';
import { batchScenarios } from '../aws-model/operations.ts';
import type { AwsModel } from '../aws-model/predictions.ts';
import { broadcastName } from '../aws-model/predictions.ts';
import { partitionReads } from '../aws-model/latencies.ts';
import type { RecordedWork } from '../aws-model/recording.ts';
import { runsIn } from '../aws-model/recording.ts';
import type { Figure } from '../measure.ts';
import type { DeliveryScenario, Used } from './deliveries.ts';
import { perMillionDeliveries } from './deliveries.ts';
import type { OperationUsage } from './operation-usage.ts';
import { usageOf } from './operation-usage.ts';

/** Sessions of the broadcasts that are shown. */
const sizes = [1000, 100_000] as const;

interface Delivered {
  readonly title: string;
  readonly operation: string;
  readonly by: DeliveryScenario['by'];
  readonly messages: number;
  readonly deliveries: number;
  /** Runs of the model: the larger, the fewer. */
  readonly rounds: number;
}

/** Records of the batch in which an operation was recorded. */
const recordsOf = (work: RecordedWork): number => (work.type === 'batch' ? work.records : 1);

/** Deliveries of the first `count` records of the mixed scenario. */
const mixedDeliveries = (count: number): number => {
  const records = shuffled(messages, seededRandom(1)).slice(0, count);
  return listeners.reduce((sum, listener) => sum + due(listener, records).length, 0);
};

/** The highest price of a stream: each message is a batch, as with enhanced fan-out and few messages. */
const aloneTitle = 'One message from the stream to one session, alone in its batch';

const delivered = (model: AwsModel): readonly Delivered[] => {
  const [alone, steady, chatty, distinct, mixed] = batchScenarios.map(({ name }) => name);
  const batches = [
    [aloneTitle, alone],
    ['500 messages a second, each to one of 100 sessions', steady],
    ['1,000 messages a second, each to one of 100 sessions', chatty],
    ['1,000 messages a second, each to one of 1,000 sessions', distinct],
    ['1,000 messages a second to ten accounts of five sessions: to all of an account, to users, to sessions', mixed],
  ] as const;
  const ofBatches = batches.flatMap(([title, operation = '']): Delivered[] => {
    if (!model.has(operation)) return [];
    const records = recordsOf(model.operation(operation).work);
    const deliveries = operation === mixed ? mixedDeliveries(records) : records;
    return [{ title, operation, by: 'kinesis', messages: records, deliveries, rounds: 20 }];
  });
  const broadcasts = sizes.filter((sessions) => model.has(broadcastName(sessions)));
  return [
    { title: 'One notify to one session', operation: 'notify', by: 'notify', messages: 1, deliveries: 1, rounds: 200 },
    ...ofBatches,
    ...broadcasts.map((sessions): Delivered => {
      const title = `One message to ${sessions.toLocaleString('en-US')} sessions`;
      return { title, operation: broadcastName(sessions), by: 'kinesis', messages: 1, deliveries: sessions, rounds: 2 };
    }),
  ];
};

const usedBy = ({ functionRuns, ...usage }: OperationUsage, routers: number): Used => ({
  functionRuns: functionRuns - routers,
  functionGigabyteSeconds: usage.functionGigabyteSeconds,
  executionGigabyteSeconds: usage.executionGigabyteSeconds,
  logBytes: usage.logBytes,
});

/** What was recorded of deliveries, as docs/cost.md shows it. */
export const deliveryScenarios = (model: AwsModel): readonly DeliveryScenario[] => {
  const perFurtherExecution = usedBy(usageOf(model, 'notify'), 0);
  return delivered(model).map(({ title, operation, rounds, ...counts }) => {
    const recorded = model.operation(operation);
    const usage = usageOf(model, operation, { rounds });
    const functions = runsIn(recorded.work);
    const runs = [...functions].map(([name, count]) => [`lambda:${name}`, count] as const);
    const readers = ['route-messages', 'deliver-batch'].filter((name) => functions.has(name));
    const { indexBytes } = recorded;
    return {
      ...{ ...counts, scenario: title, perFurtherExecution },
      calls: { ...usage.calls, 'states:StartSyncExecution': usage.executions, ...Object.fromEntries(runs) },
      used: usedBy(usage, functions.get('router') ?? 0),
      ...(indexBytes && { readUnits: readers.length * Math.ceil(indexBytes / partitionReads.bytesPerUnit) }),
    };
  });
};

/** Dollars for a million messages from the stream that come one by one; undefined when that was not recorded. */
export const perMillionAlone = (model: AwsModel): number | undefined => {
  const found = deliveryScenarios(model).find(({ scenario }) => scenario === aloneTitle);
  return found && perMillionDeliveries(found, 1);
};

/** The ratio between the prices per session of the broadcasts. */
export const broadcastCostFigure = (model: AwsModel): Figure => {
  const broadcasts = deliveryScenarios(model).filter(
    ({ messages: count, deliveries }) => count === 1 && deliveries > 1,
  );
  const costs = broadcasts.map((scenario) => perMillionDeliveries(scenario, 1));
  const value = Number((Math.max(...costs) / Math.min(...costs)).toFixed(3));
  return { name: `dollars per session, from ${sizes[0]} to ${sizes[1]} sessions`, value, unit: 'ratio', aim: '<= 1.2' };
};
