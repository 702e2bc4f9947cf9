import { dollars, hoursPerMonth } from './prices.ts';

/** How much of the time a client polls. */
export interface Attention {
  readonly name: string;
  /** The part of the session's minutes in which it polls, 0 to 1. */
  readonly polling: number;
}

export const attentions: readonly Attention[] = [
  { name: 'always polling', polling: 1 },
  { name: 'visible-only, seen a quarter of the time', polling: 0.25 },
  { name: 'visible-only, seen a tenth of the time', polling: 0.1 },
  { name: 'paused', polling: 0 },
];

/** A long poll waits this long at the most; the limit is SQS's. */
const maxPollSeconds = 20;

/** Dollars for a million session-minutes in which nothing arrives: the long polls, which end empty. */
export const perMillionSessionMinutes = ({ polling }: Attention): number =>
  dollars('sqs-request', (60 / maxPollSeconds) * polling * 1e6);

/** Kinesis asks KMS about every five minutes for each credential that reads: its docs, costs-performance. */
const streamMonth = (shards: number) => [
  {
    name: `Kinesis stream, ${shards} provisioned shard`,
    usd: dollars('kinesis-shard-hour', hoursPerMonth * shards),
  },
  { name: "KMS calls for the stream's managed key", usd: dollars('kms-request', (hoursPerMonth * 60) / 5) },
];

/** Metrics that a stack's alarms look at, with the defaults and without a stream. */
export const alarmMetrics = { withStream: 13, withoutStream: 5 } as const;

/** The monthly costs of a stack to which nobody is connected. A cleanup run makes its calls even if it finds nothing. */
export const idleMonth = (stack: {
  /** 0 without a stream. */
  readonly shards: number;
  /** An alarm is paid for each metric it looks at. */
  readonly alarmMetrics: number;
  readonly cleanupSeconds: number;
  /** Guests need a secret that their session names come from. */
  readonly identities: 'guests' | 'developer';
}) => {
  const runs = (hoursPerMonth * 3600) / stack.cleanupSeconds;
  return [
    ...(stack.shards === 0 ? [] : streamMonth(stack.shards)),
    ...(stack.identities === 'developer'
      ? []
      : [{ name: 'secret that session names come from', usd: dollars('secret-month', 1) }]),
    { name: `alarms on ${stack.alarmMetrics} metrics`, usd: dollars('alarm-month', stack.alarmMetrics) },
    {
      name: 'cleanup, 18 functions and 32 calls a run',
      usd:
        runs *
        (dollars('states-request', 1) +
          dollars('lambda-request', 18) +
          dollars('lambda-gb-second', 18 * 0.025) +
          dollars('sqs-request', 16) +
          dollars('dynamodb-read', 16)),
    },
  ] as const;
};
