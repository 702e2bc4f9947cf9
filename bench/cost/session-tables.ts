import { assumed } from './deliveries.ts';
import { dollars } from './prices.ts';
import { dispatchRun, perMillionLogged, perMillionRequests, sessionRequests } from './sessions.ts';
import { money, table } from './table.ts';

export const sessionTable = (): string =>
  table(
    ['', 'requests', 'their log, unless `logRuns=failures`', 'their traces, if all are recorded'],
    Object.values(sessionRequests).map((request) => [
      request.name,
      money(perMillionRequests(request)),
      money(perMillionLogged(request)),
      money(dollars('xray-trace', 1e6)),
    ]),
  );

const hoursAMonth = 730;

/** What a gigabyte of memory costs a function of the sessions' machines more, by what it has. */
const memoryStep = (): number =>
  dollars('lambda-gb-second', 1e6 * (assumed.task.milliseconds / 1000) * (assumed.task.megabytes / 1024));

export const optionTable = (): string =>
  table(
    ['setting', 'what it costs or saves'],
    [
      [
        '`logRuns=failures`',
        `saves ${money(perMillionLogged(sessionRequests.create))} per million creates; the Step Functions console then shows failures only`,
      ],
      [
        '`logRuns=all`',
        `${money(perMillionLogged(dispatchRun))} per million dispatches of three functions, whose runs are then logged too`,
      ],
      [
        '`traces=none`',
        `saves ${money(dollars('xray-trace', 1e6))} per million traces. By default X-Ray records one request a second and 5 % of the others, so a stage with less than one request a second has all of them traced; a sampling rule of the account lowers that`,
      ],
      [
        '`enhancedFanOut=true`',
        `${money(dollars('kinesis-fan-out-shard-hour', hoursAMonth))} a month and shard, and ${money(dollars('kinesis-fan-out-gb', 1))} a GB`,
      ],
      [
        '`apiMetrics=true`',
        `${money(dollars('metric-month', 24 * 5))} a month when all 24 methods are used: five metrics each`,
      ],
      ['`apiLogs`', `${money(dollars('vended-log-gb', 0.35))} per million requests of 350 bytes each`],
      [
        'metrics of dispatch',
        `${money(dollars('metric-month', 8))} a month for eight, in the hours in which messages are sent`,
      ],
      [
        'memory of the functions',
        `${money(memoryStep())} per million runs of ${assumed.task.milliseconds} ms for each ${assumed.task.megabytes} MB; \`deliver-batch\` has 1,024 MB and takes a quarter of the time`,
      ],
    ],
  );

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
