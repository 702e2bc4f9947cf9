import type { AwsModel } from '../aws-model/predictions.ts';
import type { RecordedExecution, RecordedOperation, RecordedStates } from '../aws-model/recording.ts';
import { runsIn } from '../aws-model/recording.ts';
import type { Conditions } from '../aws-model/simulation.ts';
import type { Line } from './deliveries.ts';
import { requestsPerSend } from './deliveries.ts';
import { dollars } from './prices.ts';

/** What one run of an operation uses of AWS. Numbers are counted in the recording, times are the model's. */
export interface OperationUsage {
  readonly executions: number;
  /** Gigabytes times seconds, in the steps in which executions are billed. */
  readonly executionGigabyteSeconds: number;
  readonly functionRuns: number;
  readonly functionGigabyteSeconds: number;
  /** AWS calls by name: `sqs:SendMessageBatch`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Bytes that the functions log. */
  readonly logBytes: number;
  /** Events of the executions, which are logged one by one unless only failures are. */
  readonly events: number;
}

/** Express executions are billed for 64 MB and for each 100 ms begun: https://aws.amazon.com/step-functions/pricing/ */
const executionMegabytes = 64;
const billedSteps = (seconds: number): number => Math.ceil(seconds * 10) / 10;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The function whose UpdateItem gives a session's record another `expires`; another one takes a pair of the pool. */
const renewer = 'record-renewal';
const renewing = 'dynamodb:UpdateItem of a record';

const callsIn = ({ work }: RecordedOperation): Readonly<Record<string, number>> => {
  const calls: Record<string, number> = {};
  runsIn(work, (run, times) => {
    for (const group of run.calls) {
      const name = run.name === renewer && group.call === 'dynamodb:UpdateItem' ? renewing : group.call;
      calls[name] = (calls[name] ?? 0) + times * group.times;
    }
  });
  return calls;
};

const eventsIn = ({ work }: RecordedOperation): number => {
  const ofStates = (states: RecordedStates): number =>
    states.reduce((sum, state) => {
      if (state.type !== 'task') return sum;
      return sum + state.function.calls.flatMap(({ executions = [] }) => executions).reduce(addEvents, 0);
    }, 0);
  const addEvents = (sum: number, { events, states }: RecordedExecution): number => sum + events + ofStates(states);
  const executions =
    work.type === 'execution' ? [work.execution] : work.function.calls.flatMap((group) => group.executions ?? []);
  return executions.reduce(addEvents, 0);
};

/** @param rounds how often the operation is run for the mean of its times */
export const usageOf = (
  model: AwsModel,
  name: string,
  { rounds = 200, ...conditions }: Conditions & { readonly rounds?: number } = {},
): OperationUsage => {
  const operation = model.operation(name);
  const usages = model.runs(name, rounds, conditions).map(({ usage }) => usage);
  const billed = usages.map(({ executionSeconds }) =>
    executionSeconds.reduce((sum, seconds) => sum + billedSteps(seconds), 0),
  );
  return {
    executions: usages[0]?.executionSeconds.length ?? 0,
    executionGigabyteSeconds: mean(billed) * (executionMegabytes / 1024),
    functionRuns: usages[0]?.functionRuns ?? 0,
    functionGigabyteSeconds: mean(usages.map(({ gigabyteSeconds }) => gigabyteSeconds)),
    calls: callsIn(operation),
    logBytes: operation.logBytes,
    events: eventsIn(operation),
  };
};

/**
 * Units that a new record of a session takes, and one that is deleted: the record, and its copies in the two indexes. A new value of an
 * index's key, as `expires` is, takes two in that index.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
const writeUnits = 3;

const linesOfCall: Readonly<Record<string, Line>> = {
  'dynamodb:GetItem': { price: 'dynamodb-read', quantity: 1 },
  'dynamodb:Query': { price: 'dynamodb-read', quantity: 1 },
  'dynamodb:BatchGetItem': { price: 'dynamodb-read', quantity: 1 },
  'dynamodb:PutItem': { price: 'dynamodb-write', quantity: writeUnits },
  [renewing]: { price: 'dynamodb-write', quantity: writeUnits + 1 },
  // A pair, and two in its index, which is sorted by its state.
  'dynamodb:UpdateItem': { price: 'dynamodb-write', quantity: 3 },
  'dynamodb:DeleteItem': { price: 'dynamodb-write', quantity: writeUnits },
  // Every item of a transaction is written twice: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
  'dynamodb:TransactWriteItems': { price: 'dynamodb-write', quantity: 4 * writeUnits },
  's3:PutObject': { price: 's3-put', quantity: 1 },
  's3:GetObject': { price: 's3-get', quantity: 1 },
};

/** Requests of SQS that a call is billed as: with a send, those of the client that receives and deletes its messages. */
const ofSqs = (call: string, kilobytes: number): number =>
  call.startsWith('sqs:SendMessage') ? requestsPerSend(kilobytes * 1024) : 1;

const lineOf = (call: string, kilobytes: number): Line | undefined =>
  call.startsWith('sqs:') ? { price: 'sqs-request', quantity: ofSqs(call, kilobytes) } : linesOfCall[call];

/** Dollars for a million requests to the API, without the logs of their runs and without traces. */
export const perMillionRequests = (usage: OperationUsage, kilobytes = 1): number => {
  const lines: readonly Line[] = [
    { price: 'api-request', quantity: 1 },
    { price: 'states-request', quantity: usage.executions },
    { price: 'states-gb-second', quantity: usage.executionGigabyteSeconds },
    { price: 'lambda-request', quantity: usage.functionRuns },
    { price: 'lambda-gb-second', quantity: usage.functionGigabyteSeconds },
    { price: 'vended-log-gb', quantity: usage.logBytes / 1e9 },
    ...Object.entries(usage.calls).flatMap(([call, count]): Line[] => {
      const line = lineOf(call, kilobytes);
      return line ? [{ price: line.price, quantity: line.quantity * count }] : [];
    }),
  ];
  return 1e6 * lines.reduce((sum, { price, quantity }) => sum + dollars(price, quantity), 0);
};

/** Bytes of one event in a run's log, without data: measured in the emulator, with the 26 bytes that CloudWatch adds to each. */
const bytesPerEvent = 480;

/** Dollars for the log of a million runs, step by step. */
export const perMillionLogged = ({ events }: Pick<OperationUsage, 'events'>): number =>
  dollars('vended-log-gb', (1e6 * events * bytesPerEvent) / 1e9);

/** X-Ray's default rule records one request a second and this part of the others: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html */
const sampled = 0.05;

export const perMillionTraced = (): number => dollars('xray-trace', 1e6 * sampled);
