import type { AwsModel } from '../aws-model/predictions.ts';
import { latencyRow, messagesPerShard } from '../aws-model/predictions.ts';
import { methodsOf, routes } from '../../infra/session-api/routes.ts';
import type { Conditions } from '../aws-model/simulation.ts';
import { missedList } from '../judged.ts';
import type { PricedRequest } from './priced-requests.ts';
import { judgedPrices, priceAims, pricedRequests } from './priced-requests.ts';
import { perMillionPairs, poolMonth } from './pool.ts';
import { dollars, hoursPerMonth } from './prices.ts';
import { table } from '../markdown.ts';
import { perMillionAlone } from './scenarios.ts';
import { money } from './money.ts';

/** The API's methods: GET and POST of most routes. */
const methods = routes.flatMap(methodsOf).length;

const verdict = (usd: number, aim: number | undefined): string => {
  if (aim === undefined) return money(usd);
  return `${money(usd)} (${usd <= aim ? 'aim' : '**missed**: the aim is'} ${money(aim)})`;
};

export const sessionTable = (model: AwsModel): string => {
  const requests = pricedRequests(model);
  const rows = table(
    ['', 'requests', 'log of the runs', 'traces', 'with `logRuns=all`', 'with `logRuns=failures`'],
    requests.map(({ name, requests: usd, log, traces, withLog, failuresOnly }) => [
      ...[name, money(usd), money(log), money(traces)],
      ...[verdict(withLog, priceAims[name]?.withLog), verdict(failuresOnly, priceAims[name]?.failuresOnly)],
    ]),
  );
  const missed = missedList(judgedPrices(model));
  return missed === '' ? rows : `${rows}\n\nWhy aims are missed:\n\n${missed}`;
};

const requestCost = (model: AwsModel, name: string, conditions?: Conditions): PricedRequest | undefined =>
  pricedRequests(model, conditions).find((request) => request.name === name);

/** The pool whose cost is shown. */
const poolSize = 2000;

/** A memory that every function could be given. */
const moreMegabytes = 1024;

/** What settings cost, and what they gain by the model. */
const modelledOptions = (model: AwsModel): readonly (readonly string[])[] => {
  const more = { megabytes: moreMegabytes };
  const [create, createWithMore] = [latencyRow(model, 'create'), latencyRow(model, 'create', more)];
  const [withDefault, withMore] = [
    requestCost(model, 'create')?.requests,
    requestCost(model, 'create', more)?.requests,
  ];
  const standard = latencyRow(model, 'Kinesis → client');
  const fanOut = latencyRow(model, 'Kinesis with enhanced fan-out → client');
  const perShard = messagesPerShard(model);
  const pooled = latencyRow(model, 'create with a pool (`poolSize`)');
  const fromPool = requestCost(model, 'create with a pool (`poolSize`)')?.requests;
  const pool = [
    '`poolSize`',
    `${money(withDefault)} → ${money(fromPool)} per million creates, ${money(perMillionPairs())} per million pairs that are made for them, and ${money(poolMonth(poolSize))} a month for ${poolSize.toLocaleString('en-US')} pairs when nobody logs in`,
    `create: ${create?.warm.p50 ?? '–'} → ${pooled?.warm.p50 ?? '–'} ms warm, ${create?.cold.p50 ?? '–'} → ${pooled?.cold.p50 ?? '–'} ms when all functions start. It is for many logins at once, which need no GetId (25 a second) as long as there are pairs: [quotas.md](quotas.md#a-storm-of-logins)`,
  ];
  return [
    ...(pooled ? [pool] : []),
    [
      '`enhancedFanOut=true`',
      `${money(dollars('kinesis-fan-out-shard-hour', hoursPerMonth))} a month and shard, and ${dollars('kinesis-fan-out-gb', 1).toFixed(3)} a GB. Batches have fewer messages: up to ${money(perMillionAlone(model))} per million when each comes alone`,
      `Kinesis → client: ${standard?.warm.p50 ?? '–'} → ${fanOut?.warm.p50 ?? '–'} ms (median)`,
    ],
    [
      '`parallelizationFactor`',
      'nothing by itself; batches are smaller, so that sessions with many messages take more sends',
      `batches of a shard wait for each other only where they have a partition key in common: a broadcast or a slow queue delays fewer messages. One batch after the other is ${perShard ?? '–'} messages a second to distinct sessions, of the 1,000 that a shard takes`,
    ],
    [
      `memory of the functions, ${moreMegabytes.toLocaleString('en-US')} MB each instead of 256 (not a setting: \`infra/tasks.ts\`)`,
      `${money(withDefault)} → ${money(withMore)} per million creates`,
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
      [
        'the console, open on a deployed stack',
        'cents an hour: [console.md](console.md#what-it-costs)',
        'nothing is read while no page of it is seen',
      ],
    ],
  );
};

/** What the account's auditing costs for queues that are created and deleted, and for calls. */
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
