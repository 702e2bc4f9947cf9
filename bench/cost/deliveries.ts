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
}

/** What a function is taken to run for on AWS, in GB-seconds: the one thing the benchmark cannot count. */
export const assumedGigabyteSeconds = 0.25 * 0.1;
/** What an Express execution is taken to run for: 64 MB for 500 ms. */
export const assumedExecutionGigabyteSeconds = (64 / 1024) * 0.5;

const kilobyte = 1024;
const chunk = 64 * kilobyte;
/** The most one batch may carry. */
const batchBytes = 1024 * kilobyte;

export interface Line {
  readonly price: PriceName;
  readonly quantity: number;
}

const count = (scenario: CountedScenario, matches: (name: string) => boolean): number =>
  Object.entries(scenario.calls).reduce((sum, [name, calls]) => (matches(name) ? sum + calls : sum), 0);

/**
 * The SQS requests that moving `deliveries` messages of `bytes` takes, sent in `batches` calls as counted (or more, where a
 * batch would pass 1 MiB), received in as many, and deleted ten at a time. SQS counts a request for every 64 KB begun.
 */
export const sqsRequests = (deliveries: number, batches: number, bytes: number): number => {
  const perBatch = Math.min(deliveries / batches, Math.floor(batchBytes / bytes), 10);
  const calls = deliveries / perBatch;
  const moved = calls * Math.ceil((perBatch * bytes) / chunk);
  return 2 * moved + deliveries / perBatch;
};

/** What a scenario uses up when its messages have `kilobytes`, as quantities of priced things. */
export const usage = (scenario: CountedScenario, kilobytes: number): readonly Line[] => {
  const bytes = kilobytes * kilobyte;
  const batches = count(scenario, (name) => name === 'sqs:SendMessageBatch');
  const invocations = count(scenario, (name) => name.startsWith('lambda:'));
  const executions = count(scenario, (name) => name.startsWith('states:'));
  return [
    { price: 'sqs-request', quantity: sqsRequests(scenario.deliveries, batches, bytes) },
    { price: 'lambda-request', quantity: invocations },
    { price: 'lambda-gb-second', quantity: invocations * assumedGigabyteSeconds },
    { price: 'states-request', quantity: executions },
    { price: 'states-gb-second', quantity: executions * assumedExecutionGigabyteSeconds },
    { price: 'dynamodb-read', quantity: count(scenario, (name) => name === 'dynamodb:Query') },
    scenario.by === 'kinesis'
      ? { price: 'kinesis-put-unit', quantity: scenario.messages * Math.ceil(kilobytes / 25) }
      : { price: 'api-request', quantity: scenario.messages },
  ];
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
  readonly largest: number;
  readonly minute: PriceName;
  /** Whether what is published is billed as well as what is delivered. */
  readonly billsPublish: boolean;
}

export const peers: readonly Peer[] = [
  {
    name: 'AppSync Events',
    message: 'appsync-operation',
    step: 5,
    largest: 240,
    minute: 'appsync-minute',
    billsPublish: true,
  },
  {
    name: 'API Gateway WebSocket',
    message: 'websocket-message',
    step: 32,
    largest: 128,
    minute: 'websocket-minute',
    billsPublish: false,
  },
  { name: 'IoT Core', message: 'iot-message', step: 5, largest: 128, minute: 'iot-minute', billsPublish: true },
];

/** The same for a peer, or undefined where the message is too large for it. */
export const peerPerMillionDeliveries = (
  peer: Peer,
  scenario: CountedScenario,
  kilobytes: number,
): number | undefined => {
  if (kilobytes > peer.largest) return undefined;
  const billed = scenario.deliveries + (peer.billsPublish ? scenario.messages : 0);
  return (dollars(peer.message, billed * Math.ceil(kilobytes / peer.step)) / scenario.deliveries) * 1e6;
};
