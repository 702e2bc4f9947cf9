import type { AwsModel } from '../aws-model/predictions.ts';
import type { Conditions } from '../aws-model/simulation.ts';
import type { Judged } from '../judged.ts';
import { table } from '../markdown.ts';
import { money } from './money.ts';
import { perMillionLogged, perMillionRequests, perMillionTraced, usageOf } from './operation-usage.ts';

/** A request to the API as docs/cost.md shows it. */
export interface PricedRequest {
  readonly name: string;
  readonly requests: number;
  readonly log: number;
  readonly traces: number;
  /** With the log of every run, and with the logs of failures only; each with the traces that are sampled. */
  readonly withLog: number;
  readonly failuresOnly: number;
  /** Events that one request delivers, which the dollars are divided by. */
  readonly events: number;
}

interface RequestKind {
  readonly name: string;
  readonly operation: string;
  readonly kilobytes?: number;
  readonly events?: number;
}

const requestKinds: readonly RequestKind[] = [
  { name: 'create', operation: 'create' },
  { name: 'create with a pool (`poolSize`)', operation: 'create from a pool' },
  { name: 'create of a session that exists', operation: 'create of a session that exists' },
  { name: 'renew', operation: 'renew' },
  { name: 'status', operation: 'status' },
  { name: 'destroy', operation: 'destroy' },
  { name: 'notify of one session', operation: 'notify' },
  { name: 'notify of one session, 200 KB', operation: 'notify of 200 KB', kilobytes: 200_000 / 1024 },
  { name: 'publish, an event of a hundred to a hundred sessions', operation: 'publish of 100 events', events: 100 },
];

/** Dollars for a million requests of each kind that was recorded; of events where a request has many. */
export const pricedRequests = (model: AwsModel, conditions: Conditions = {}): readonly PricedRequest[] =>
  requestKinds
    .filter(({ operation }) => model.has(operation))
    .map(({ name, operation, kilobytes = 1, events = 1 }) => {
      const usage = usageOf(model, operation, conditions);
      const requests = perMillionRequests(usage, kilobytes) / events;
      const log = perMillionLogged(usage) / events;
      const traces = perMillionTraced() / events;
      return { name, requests, log, traces, events, withLog: requests + log + traces, failuresOnly: requests + traces };
    });

interface PriceAim {
  readonly withLog?: number;
  readonly failuresOnly: number;
  /** Why it is missed where it is. */
  readonly reason: string;
}

/** The aims, in dollars per million, with the log of every run and without. */
export const priceAims: Readonly<Record<string, PriceAim>> = {
  create: {
    ...{ withLog: 16, failuresOnly: 8 },
    reason:
      'API Gateway, the execution, and the writes of a record with two indexes are nearly seven dollars before a function runs; each task is a run of a function, most of whose time is a wait for Cognito, STS and SQS, and five lines in the log',
  },
  'notify of one session': {
    failuresOnly: 6.9,
    reason:
      'API Gateway and the execution are 4.60 dollars of it, the three calls of SQS 1.20; the rest is one function, a query, and the line that its metrics are made of',
  },
  'notify of one session, 200 KB': {
    failuresOnly: 16,
    reason: 'The body is stored and read once on its way, and SQS counts each 64 KB as a request',
  },
  'publish, an event of a hundred to a hundred sessions': {
    failuresOnly: 1.5,
    reason:
      'Every event goes to a session of its own here: a query, a send, a poll and a delete each, which are 1.33 dollars; events for one session go ten to a send',
  },
};

/** The prices that have an aim: with its two logs, create has two. */
const aimedPrices = (model: AwsModel) =>
  pricedRequests(model).flatMap(({ name, withLog, failuresOnly }) => {
    const aim = priceAims[name];
    if (!aim) return [];
    const { reason } = aim;
    const withFailures = { usd: failuresOnly, limit: aim.failuresOnly, reason };
    return aim.withLog === undefined
      ? [{ name, ...withFailures }]
      : [
          { name: `${name}, every run logged`, usd: withLog, limit: aim.withLog, reason },
          { name: `${name}, failures logged`, ...withFailures },
        ];
  });

/** Whether the prices that have an aim meet it. */
export const judgedPrices = (model: AwsModel): readonly Judged[] =>
  aimedPrices(model).map(({ name, usd, limit, reason }) => ({ name: `price of ${name}`, isMet: usd <= limit, reason }));

/** The prices that have an aim, as docs/performance.md shows them. */
export const priceAimTable = (model: AwsModel): string =>
  table(
    ['dollars per million', 'predicted', 'aim', ''],
    aimedPrices(model).map(({ name, usd, limit }) => [
      ...[name, money(usd), `\\<= ${money(limit)}`, usd <= limit ? 'met' : '**missed**'],
    ]),
  );
