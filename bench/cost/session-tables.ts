import type { AwsModel } from '../aws-model/predictions.ts';
import { latencyRow, messagesPerShard } from '../aws-model/predictions.ts';
import { methodsOf, routes } from '../../infra/session-api/routes.ts';
import type { Conditions } from '../aws-model/simulation.ts';
import { perMillionLogged, perMillionRequests, perMillionTraced, usageOf } from './operation-usage.ts';
import { dollars } from './prices.ts';
import { table } from '../markdown.ts';
import { money } from './money.ts';

/** The API's methods: GET and POST of most routes. */
const methods = routes.flatMap(methodsOf).length;

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
  { name: 'notify of one session, 190 KB', operation: 'notify of 190 KB', kilobytes: 190 },
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

/** What is to be reached, in dollars per million, with the log of every run and without. */
const aims: Readonly<Record<string, PriceAim>> = {
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
  'notify of one session, 190 KB': {
    failuresOnly: 16,
    reason: 'The body is stored and read once on its way, and SQS counts each 64 KB as a request',
  },
  'publish, an event of a hundred to a hundred sessions': {
    failuresOnly: 1.5,
    reason:
      'Every event goes to a session of its own here: a query, a send, a poll and a delete each, which are 1.33 dollars; events for one session go ten to a send',
  },
};

const verdict = (usd: number, aim: number | undefined): string => {
  if (aim === undefined) return money(usd);
  return `${money(usd)} (${usd <= aim ? 'aim' : '**missed**: the aim is'} ${money(aim)})`;
};

const missedPrices = (requests: readonly PricedRequest[]): string => {
  const missed = requests.filter(({ name, withLog, failuresOnly }) => {
    const aim = aims[name];
    return aim && (failuresOnly > aim.failuresOnly || withLog > (aim.withLog ?? Infinity));
  });
  const lines = missed.map(({ name }) => `- **${name}**: ${aims[name]?.reason ?? ''}.`);
  return lines.length === 0 ? '' : `\n\nWhy aims are missed:\n\n${lines.join('\n')}`;
};

export const sessionTable = (model: AwsModel): string => {
  const requests = pricedRequests(model);
  const rows = table(
    ['', 'requests', 'log of the runs', 'traces', 'with `logRuns=all`', 'with `logRuns=failures`'],
    requests.map(({ name, requests: usd, log, traces, withLog, failuresOnly }) => [
      ...[name, money(usd), money(log), money(traces)],
      ...[verdict(withLog, aims[name]?.withLog), verdict(failuresOnly, aims[name]?.failuresOnly)],
    ]),
  );
  return `${rows}${missedPrices(requests)}`;
};

const hoursAMonth = 730;

const requestCost = (model: AwsModel, name: string, conditions?: Conditions): PricedRequest | undefined =>
  pricedRequests(model, conditions).find((request) => request.name === name);

/** A memory that every function could be given. */
const moreMegabytes = 1024;

/** What settings cost, and what they are good for by the model. */
const modelledOptions = (model: AwsModel): readonly (readonly string[])[] => {
  const more = { megabytes: moreMegabytes };
  const [create, createWithMore] = [latencyRow(model, 'create'), latencyRow(model, 'create', more)];
  const [usual, dearer] = [requestCost(model, 'create')?.requests, requestCost(model, 'create', more)?.requests];
  const standard = latencyRow(model, 'Kinesis → client');
  const fanOut = latencyRow(model, 'Kinesis with enhanced fan-out → client');
  const perShard = messagesPerShard(model);
  const pooled = latencyRow(model, 'create with a pool (`poolSize`)');
  const fromPool = requestCost(model, 'create with a pool (`poolSize`)')?.requests;
  const pool = [
    '`poolSize`',
    `${money(usual)} → ${money(fromPool)} per million creates, and what the machine that fills the pool runs, about as much again`,
    `create: ${create?.warm.p50 ?? '–'} → ${pooled?.warm.p50 ?? '–'} ms warm; many logins at once wait for no quota of Cognito as long as the pool lasts`,
  ];
  return [
    ...(pooled ? [pool] : []),
    [
      '`enhancedFanOut=true`',
      `${money(dollars('kinesis-fan-out-shard-hour', hoursAMonth))} a month and shard, and ${dollars('kinesis-fan-out-gb', 1).toFixed(3)} a GB`,
      `Kinesis → client: ${standard?.warm.p50 ?? '–'} → ${fanOut?.warm.p50 ?? '–'} ms (median)`,
    ],
    [
      '`parallelizationFactor`',
      'nothing by itself; batches are smaller, so that sessions with many messages take more sends',
      `a shard's messages to distinct sessions: ${perShard ?? '–'} a second, times the factor, up to the 1,000 that a shard takes`,
    ],
    [
      `memory of the functions, ${moreMegabytes.toLocaleString('en-US')} MB each instead of 256 (not a setting: \`infra/tasks.ts\`)`,
      `${money(usual)} → ${money(dearer)} per million creates`,
      `create: ${create?.warm.p50 ?? '–'} → ${createWithMore?.warm.p50 ?? '–'} ms warm, ${create?.cold.p50 ?? '–'} → ${createWithMore?.cold.p50 ?? '–'} ms when all functions start. \`deliver-batch\` has ${moreMegabytes.toLocaleString('en-US')} MB: sending is work for the CPU`,
    ],
  ];
};

export const optionTable = (model: AwsModel): string => {
  const logged = (name: string): string => money(requestCost(model, name)?.log);
  return table(
    ['setting', 'what it costs or saves', 'what it gains or loses'],
    [
      ...modelledOptions(model),
      [
        '`logRuns=failures`',
        `saves ${logged('create')} per million creates`,
        'the Step Functions console and `sqs-browser` show runs that failed only',
      ],
      [
        '`logRuns=all`',
        `${logged('notify of one session')} per million dispatches to one session`,
        'every dispatch can be looked at, step by step',
      ],
      [
        '`traces=none`',
        `saves ${money(dollars('xray-trace', 1e6))} per million traces`,
        'no traces. By default X-Ray records one request a second and 5 % of the others, so a stage with less than one request a second has all of them traced; a sampling rule of the account lowers that',
      ],
      [
        '`apiMetrics=true`',
        `${money(dollars('metric-month', methods * 5))} a month when all ${methods} methods are used: five metrics each`,
        'metrics of each route',
      ],
      [
        '`apiLogs`',
        `${money(dollars('vended-log-gb', 0.35))} per million requests of 350 bytes each`,
        'a line for each request',
      ],
      [
        'metrics of dispatch',
        `${money(dollars('metric-month', 8))} a month for eight, in the hours in which messages are sent`,
        'the dashboard and the alarms',
      ],
    ],
  );
};

/** Queues that come and go, and calls, as the account's auditing counts them. */
export const auditTable = (): string =>
  table(
    ['', 'dollars'],
    [
      [
        'AWS Config, type `AWS::SQS::Queue`, two items a session (made, deleted)',
        `${money(dollars('config-item', 2e6))} per million sessions`,
      ],
      [
        'CloudTrail, a second trail of management events: CreateQueue, SetQueueAttributes, DeleteQueue, GetId, AssumeRoleWithWebIdentity …',
        `${money(dollars('cloudtrail-management-event', 5e6))} per million sessions; the first trail is free`,
      ],
      [
        'CloudTrail, data events of SQS, if a trail selects them: each long poll, send and delete',
        `${money(dollars('cloudtrail-data-event', 3e6))} per million session-minutes of polling`,
      ],
    ],
  );

/** The part of its keys' life after which a client renews, on average: client/browser/credentials.ts. */
const renewedAt = 0.85;

/**
 * Dollars for the renewals in a million session-minutes, which a paused client makes too.
 * @param keyHours how long keys live
 */
export const perMillionMinutesOfRenewals = (model: AwsModel, keyHours: number): number =>
  (requestCost(model, 'renew')?.withLog ?? NaN) / (keyHours * 60 * renewedAt);
