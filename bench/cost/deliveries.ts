import { maxExecutionBytes } from '../../functions/dispatch/offload.ts';
import type { PriceName } from './prices.ts';
import { dollars } from './prices.ts';

/** What one scenario of the benchmark called, counted. */
export interface CountedScenario {
  readonly scenario: string;
  /** How the messages came in. */
  readonly by: 'kinesis' | 'notify';
  readonly messages: number;
  /** Message and session pairs that were delivered. */
  readonly deliveries: number;
  /** Calls by name: `sqs:SendMessageBatch`, `dynamodb:Query`, `lambda:DeliverBatch`, `states:StartSyncExecution`. */
  readonly calls: Readonly<Record<string, number>>;
  /** The least possible calls, by service: `sqs`. */
  readonly least: Readonly<Record<string, number>>;
  /** Read units of 4 KB, where a query takes more than one. */
  readonly readUnits?: number;
}

/** What cannot be counted on one machine: how long things run on AWS, in GB-seconds. */
export const assumed = {
  /** A function of the machine: 256 MB for 100 ms. */
  task: { megabytes: 256, milliseconds: 100 },
  /** The router, which waits for what it started: 256 MB for 500 ms. */
  router: { megabytes: 256, milliseconds: 500 },
  /** An Express execution: 64 MB for 500 ms. */
  execution: { megabytes: 64, milliseconds: 500 },
} as const;

const gigabyteSeconds = ({ megabytes, milliseconds }: { megabytes: number; milliseconds: number }): number =>
  (megabytes / 1024) * (milliseconds / 1000);

const kilobyte = 1024;
/** SQS counts a request for every 64 KB begun. */
const chunk = 64 * kilobyte;
/** The most that one batch may carry. */
const batchBytes = 1024 * kilobyte;
/** What Lambda hands to the router at once, in base64. */
const eventBytes = 6e6;

export interface Line {
  readonly price: PriceName;
  readonly quantity: number;
}

const count = (scenario: CountedScenario, matches: (name: string) => boolean): number =>
  Object.entries(scenario.calls).reduce((sum, [name, calls]) => (matches(name) ? sum + calls : sum), 0);

/** The part of an execution's input, or of the table `Messages`, that a message of this size goes into. */
const isOffloaded = (bytes: number): boolean => bytes > maxExecutionBytes;

/** How a scenario's calls grow when its messages have `bytes` instead of the benchmark's few hundred. */
const grown = (scenario: CountedScenario, bytes: number) => {
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
    /** The factors by which what goes with executions and with sends grows. */
    byExecution: Math.max(executions, least) / executions,
    bySend: deliveries / perSend / batches,
  };
};

/**
 * The SQS requests for `deliveries` messages of `bytes`, `perSend` to a call: sent, received in as many calls, and deleted
 * ten at a time.
 */
export const sqsRequests = (deliveries: number, perSend: number, bytes: number): number => {
  const calls = deliveries / perSend;
  return calls * (2 * Math.ceil((perSend * bytes) / chunk) + 1);
};

/** Units of 1 KB written and of 4 KB read for messages that are too large to travel with an execution. */
const offloading = (scenario: CountedScenario, kilobytes: number, delivering: number) =>
  isOffloaded(kilobytes * kilobyte)
    ? {
        written: scenario.messages * kilobytes,
        read: Math.max(scenario.messages, delivering) * Math.ceil(kilobytes / 4),
      }
    : { written: 0, read: 0 };

/** What a scenario uses up when its messages have `kilobytes`, as quantities of priced things. */
export const usage = (scenario: CountedScenario, kilobytes: number): readonly Line[] => {
  const bytes = kilobytes * kilobyte;
  const { perSend, executions, routers, byExecution, bySend } = grown(scenario, bytes);
  const tasks = count(scenario, (name) => name.startsWith('lambda:') && name !== 'lambda:router') * byExecution;
  const delivering = count(scenario, (name) => name.endsWith('deliver-batch')) * byExecution;
  const queries = count(scenario, (name) => name === 'dynamodb:Query');
  const { written, read } = offloading(scenario, kilobytes, delivering);
  return [
    { price: 'sqs-request', quantity: sqsRequests(scenario.deliveries, perSend, bytes) },
    { price: 'lambda-request', quantity: tasks + routers },
    {
      price: 'lambda-gb-second',
      quantity: tasks * gigabyteSeconds(assumed.task) + routers * gigabyteSeconds(assumed.router),
    },
    { price: 'states-request', quantity: executions },
    { price: 'states-gb-second', quantity: executions * gigabyteSeconds(assumed.execution) },
    { price: 'dynamodb-read', quantity: Math.max(queries, scenario.readUnits ?? 0) * bySend + read },
    { price: 'dynamodb-write', quantity: written },
    scenario.by === 'kinesis'
      ? { price: 'kinesis-put-unit', quantity: scenario.messages * Math.ceil(kilobytes / 25) }
      : { price: 'api-request', quantity: scenario.messages },
  ];
};

/**
 * A scenario of the stream as Lambda reads it on AWS, once a second and shard: a batch has all messages of a second, and a session gets
 * its messages of a second in one send. The emulator reads more often, so the benchmark counts more and smaller batches.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
export const readOnceASecond = (
  scenario: CountedScenario,
  { perSecond, sessions }: { readonly perSecond: number; readonly sessions: number },
): CountedScenario => {
  const seconds = scenario.messages / perSecond;
  const factor = seconds / count(scenario, (name) => name === 'lambda:router');
  const calls = Object.entries(scenario.calls).map(([name, number]) => {
    const isOfBatch = /^(lambda|states):/.test(name);
    return [name, isOfBatch ? number * factor : Math.min(number, seconds * sessions)] as const;
  });
  return { ...scenario, calls: Object.fromEntries(calls) };
};

/** Dollars for a million deliveries of messages of `kilobytes`, in the mix of the scenario. */
export const perMillionDeliveries = (scenario: CountedScenario, kilobytes: number): number => {
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
  scenario: CountedScenario,
  kilobytes: number,
): number | undefined => {
  if (kilobytes > peer.maxKilobytes) return undefined;
  const billed = scenario.deliveries + (peer.billsPublish ? scenario.messages : 0);
  return (dollars(peer.message, billed * Math.ceil(kilobytes / peer.step)) / scenario.deliveries) * 1e6;
};
