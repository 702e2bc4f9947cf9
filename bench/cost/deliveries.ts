import { maxExecutionBytes } from '../../functions/dispatch/offload.ts';
import type { PriceName } from './prices.ts';
import { dollars } from './prices.ts';

/** Messages that were delivered, and what that took. */
export interface DeliveryScenario {
  readonly scenario: string;
  /** How the messages came in. */
  readonly by: 'kinesis' | 'notify';
  readonly messages: number;
  /** Message and session pairs that were delivered. */
  readonly deliveries: number;
  /** Calls by name: `sqs:SendMessageBatch`, `dynamodb:Query`, `lambda:deliver-batch`, `states:StartSyncExecution`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Read units of 4 KB, where a query takes more than one. */
  readonly readUnits?: number;
  /** The billed times of its functions and executions. */
  readonly used: Used;
  /** The same of one more execution, as larger messages need it: one with a message for one session. */
  readonly perFurtherExecution: Used;
}

/** Times of functions and executions as they are billed. */
export interface Used {
  /** Of the functions that the machine runs. */
  readonly functionRuns: number;
  readonly functionGigabyteSeconds: number;
  readonly executionGigabyteSeconds: number;
  /** Bytes that the functions log. */
  readonly logBytes: number;
}

const kilobyte = 1024;
/** Bytes of a billed request: SQS counts one for every 64 KB begun. https://aws.amazon.com/sqs/pricing/ */
const chunk = 64 * kilobyte;
/** The most that one batch may carry. */
const batchBytes = 1024 * kilobyte;
/** Bytes of the largest event of Lambda, whose records are in base64. */
const eventBytes = 6e6;

export interface Line {
  readonly price: PriceName;
  readonly quantity: number;
}

const count = (scenario: DeliveryScenario, matches: (name: string) => boolean): number =>
  Object.entries(scenario.calls).reduce((sum, [name, calls]) => (matches(name) ? sum + calls : sum), 0);

/** Whether a message of this size is offloaded. Compression is assumed not to make it smaller. */
const isOffloaded = (bytes: number): boolean => bytes > maxExecutionBytes;

/** How a scenario's calls grow when its messages have `bytes` instead of the benchmark's few hundred. */
const grown = (scenario: DeliveryScenario, bytes: number) => {
  const batches = count(scenario, (name) => name === 'sqs:SendMessageBatch');
  const executions = count(scenario, (name) => name.startsWith('states:'));
  const routers = count(scenario, (name) => name === 'lambda:router');
  const { deliveries, messages } = scenario;
  const together = Math.max(1, Math.floor((isOffloaded(bytes) ? batchBytes : maxExecutionBytes) / bytes));
  const perSend = Math.min(deliveries / batches, together);
  const least = isOffloaded(bytes) ? 0 : messages / together;
  return {
    perSend,
    sends: deliveries / perSend,
    executions: Math.max(executions, least),
    routers: routers === 0 ? 0 : Math.max(routers, messages / Math.floor(eventBytes / (bytes * (4 / 3)))),
    further: Math.max(0, least - executions),
    /** The factor by which sends grow. */
    bySend: deliveries / perSend / batches,
  };
};

/** The billed requests of a send of `bytes`, with its receive and its delete by the client. */
export const requestsPerSend = (bytes: number): number => 2 * Math.max(1, Math.ceil(bytes / chunk)) + 1;

/** The SQS requests for `deliveries` messages of `bytes`, `perSend` to a call. */
export const sqsRequests = (deliveries: number, perSend: number, bytes: number): number =>
  (deliveries / perSend) * requestsPerSend(perSend * bytes);

/** An object expires at the midnight after a day, so after one and a half on the average. */
const keptMonths = 1.5 / 30;

/**
 * Objects for messages that are too large to travel with an execution. Route Messages sends a notify call's message by itself when it
 * is for few, and then keeps none.
 */
const offloading = (scenario: DeliveryScenario, kilobytes: number, delivering: number): readonly Line[] => {
  const isKept = isOffloaded(kilobytes * kilobyte) && (scenario.by === 'kinesis' || delivering > 0);
  const put = isKept ? scenario.messages : 0;
  return [
    { price: 's3-put', quantity: put },
    { price: 's3-get', quantity: isKept ? Math.max(put, delivering) : 0 },
    { price: 's3-gb-month', quantity: ((put * kilobytes * kilobyte) / 1e9) * keptMonths },
  ];
};

/** The billed quantities of a scenario whose messages have `kilobytes`. */
export const usage = (scenario: DeliveryScenario, kilobytes: number): readonly Line[] => {
  const bytes = kilobytes * kilobyte;
  const { perSend, executions, further, routers, bySend } = grown(scenario, bytes);
  const sum = (name: keyof Used): number => scenario.used[name] + further * scenario.perFurtherExecution[name];
  const delivering = count(scenario, (name) => name.endsWith('deliver-batch')) + further;
  const queries = count(scenario, (name) => name === 'dynamodb:Query');
  return [
    { price: 'sqs-request', quantity: sqsRequests(scenario.deliveries, perSend, bytes) },
    { price: 'lambda-request', quantity: sum('functionRuns') + routers },
    { price: 'lambda-gb-second', quantity: sum('functionGigabyteSeconds') },
    { price: 'states-request', quantity: executions },
    { price: 'states-gb-second', quantity: sum('executionGigabyteSeconds') },
    { price: 'dynamodb-read', quantity: Math.max(queries, scenario.readUnits ?? 0) * bySend },
    ...offloading(scenario, kilobytes, delivering),
    { price: 'vended-log-gb', quantity: sum('logBytes') / 1e9 },
    scenario.by === 'kinesis'
      ? { price: 'kinesis-put-unit', quantity: scenario.messages * Math.ceil(kilobytes / 25) }
      : { price: 'api-request', quantity: scenario.messages },
  ];
};

/** Dollars for a million deliveries of messages of `kilobytes`, in the mix of the scenario. */
export const perMillionDeliveries = (scenario: DeliveryScenario, kilobytes: number): number => {
  const total = usage(scenario, kilobytes).reduce((sum, { price, quantity }) => sum + dollars(price, quantity), 0);
  return (total / scenario.deliveries) * 1e6;
};

/** A service that bills each message published and each delivery by its size. */
export interface Peer {
  readonly name: string;
  readonly message: PriceName;
  /** Kilobytes one billed message holds. */
  readonly step: number;
  /** The largest message it takes, kilobytes. */
  readonly maxKilobytes: number;
  readonly minute: PriceName;
  /** Whether what is published is billed as well as what is delivered. */
  readonly billsPublish: boolean;
}

export const peers: readonly Peer[] = [
  {
    name: 'AppSync Events',
    message: 'appsync-operation',
    step: 5,
    maxKilobytes: 240,
    minute: 'appsync-minute',
    billsPublish: true,
  },
  {
    name: 'API Gateway WebSocket',
    message: 'websocket-message',
    step: 32,
    maxKilobytes: 128,
    minute: 'websocket-minute',
    billsPublish: false,
  },
  { name: 'IoT Core', message: 'iot-message', step: 5, maxKilobytes: 128, minute: 'iot-minute', billsPublish: true },
];

/** The same for a peer, or undefined where the message is too large for it. */
export const peerPerMillionDeliveries = (
  peer: Peer,
  scenario: DeliveryScenario,
  kilobytes: number,
): number | undefined => {
  if (kilobytes > peer.maxKilobytes) return undefined;
  const billed = scenario.deliveries + (peer.billsPublish ? scenario.messages : 0);
  return (dollars(peer.message, billed * Math.ceil(kilobytes / peer.step)) / scenario.deliveries) * 1e6;
};
