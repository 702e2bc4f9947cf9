import { format } from 'prettier';
import type { Results } from '../results.ts';
import type { CountedScenario } from './deliveries.ts';
import { assumed, peerPerMillionDeliveries, peers, perMillionDeliveries, readOnceASecond } from './deliveries.ts';
import { dollars, prices } from './prices.ts';
import { attentions, idleMonth, perMillionSessionMinutes } from './session-minutes.ts';
import { auditTable, optionTable, sessionTable } from './session-tables.ts';
import { perMillionMinutesOfRenewals } from './sessions.ts';
import { money, table } from './table.ts';

/** Message sizes, kilobytes. */
const sizes = [1, 5, 20, 50, 200] as const;

/** The dearest mix and the cheapest, and what lies between. */
const shown = [
  'one notify to one session',
  '500 messages a second, each to one session',
  'a stream of messages, each to one session',
  '100 messages to each of ten accounts of five sessions, 150 to users and accounts, mixed',
  'one message to 1000 sessions',
  'one message to 100000 sessions',
];

const deliveryTable = (scenario: CountedScenario): string => {
  const ours = ['sqs-browser', ...sizes.map((size) => money(perMillionDeliveries(scenario, size)))];
  const theirs = peers.map((peer) => [
    peer.name,
    ...sizes.map((size) => money(peerPerMillionDeliveries(peer, scenario, size))),
  ]);
  return table(['dollars per million deliveries', ...sizes.map((size) => `${size} KB`)], [ours, ...theirs]);
};

const cheapest = (scenario: CountedScenario): string => {
  const verdicts = sizes.map((size) => {
    const ours = perMillionDeliveries(scenario, size);
    const cheaper = peers.filter((peer) => (peerPerMillionDeliveries(peer, scenario, size) ?? Infinity) < ours);
    return cheaper.length === 0 ? undefined : `${size} KB: ${cheaper.map(({ name }) => name).join(', ')}`;
  });
  const found = verdicts.filter((verdict) => verdict !== undefined);
  return found.length === 0
    ? 'None of the others is cheaper at any of these sizes.'
    : `Cheaper than sqs-browser here: ${found.join('; ')}.`;
};

const minutesTable = (): string =>
  table(
    ['dollars per million session-minutes', ''],
    [
      ...attentions.map((attention) => [`sqs-browser, ${attention.name}`, money(perMillionSessionMinutes(attention))]),
      ...peers.map(({ name, minute }) => [name, money(dollars(minute, 1e6))]),
    ],
  );

/** The stack's defaults, and without a stream. */
const idle = idleMonth({ shards: 1, alarmMetrics: 14, cleanupSeconds: 900, identities: 'guests' });
const idleWithoutStream = idleMonth({ shards: 0, alarmMetrics: 6, cleanupSeconds: 900, identities: 'developer' });

const idleTable = (lines: typeof idle): string =>
  table(
    ['', 'dollars a month'],
    [
      ...lines.map(({ name, usd }) => [name, money(usd)]),
      ['in all', money(lines.reduce((sum, { usd }) => sum + usd, 0))],
    ],
  );

/** What the benchmark counted for the stream at 500 messages a second over 100 sessions, read as on AWS. */
const fuller = (scenarios: readonly CountedScenario[]): string => {
  const scenario = scenarios.find(({ scenario: name }) => name === shown[1]);
  if (!scenario) return '';
  const costs = sizes.map((size) =>
    money(perMillionDeliveries(readOnceASecond(scenario, { perSecond: 500, sessions: 100 }), size)),
  );
  return `### The same 500 messages a second, as Lambda reads them on AWS

Lambda reads a shard once a second (the emulator reads more often), so on AWS a batch has the messages of a second, and each of the 100
sessions gets its five in one send. Computed, not measured:

${table(['dollars per million deliveries', ...sizes.map((size) => `${size} KB`)], [['sqs-browser', ...costs]])}`;
};

const page = ({ measured, counted }: Results): string => {
  const scenarios = shown.flatMap((name) => counted.filter(({ scenario }) => scenario === name));
  return `# What it costs

Dollars, ${prices.region}, prices as looked up on ${prices.checked} (bench/cost/prices.json has every price with its source; most are
quoted by third parties, so check those that matter to you). The calls are those the benchmark counted on
${measured.slice(0, 10)} in bench/results.json. Written by \`npm run cost\`; nothing here is typed by hand.

What cannot be counted on one machine is how long AWS takes. Each function of the machine is taken to run for
${assumed.task.milliseconds} ms, the router for ${assumed.router.milliseconds} ms, both at ${assumed.task.megabytes} MB, each execution for ${assumed.execution.milliseconds} ms at ${assumed.execution.megabytes} MB. The benchmark's
messages have a few hundred bytes; for larger ones the calls grow as the limits make them: 96 KiB of messages an execution,
1 MiB a send, 6 MB a batch of the stream, and a message of 200 KB is kept in a table on its way. Data transfer and free tiers
are left out on all sides, and logs and traces where no line names them; so are the functions and the table of connections that API Gateway's WebSockets
need to know whom to send to.

## Deliveries

A delivery is one message that reached one session: sent, received and deleted. The other services are computed for the
same messages to as many receivers; where they cannot take a message of that size there is a dash.

${scenarios.map((scenario) => `### ${scenario.scenario.charAt(0).toUpperCase()}${scenario.scenario.slice(1)}\n\n${deliveryTable(scenario)}\n\n${cheapest(scenario)}`).join('\n\n')}

${fuller(scenarios)}

## Being connected

Nothing arrives; the session waits.

${minutesTable()}

A client renews its session's keys before they expire, paused or not: with keys of four hours that is ${perMillionMinutesOfRenewals(4).toFixed(3)} dollars per million
session-minutes more, with \`keyHours=12\` ${perMillionMinutesOfRenewals(12).toFixed(3)}. The backend may stop renewing for users who are gone.

**AppSync Events and IoT Core are far cheaper for browsers that are always in view and rarely get anything**: a long poll lasts
20 seconds at the most, so waiting takes three requests a minute, and API Gateway's WebSockets are cheaper as well unless
the page is looked at for a fifth of the time or less. sqs-browser is made for pages that are mostly not looked at: a paused
session costs nothing and loses nothing, for as long as the queue keeps its messages.

## Nobody connected

A month in which nothing happens, with the stack's defaults:

${idleTable(idle)}

The same without a stream (\`streamMode=NONE\`, messages through the API alone) and with \`identities=developer\`, which needs no secret:

${idleTable(idleWithoutStream)}

An on-demand stream (\`streamMode=ON_DEMAND\`) costs ${money(dollars('kinesis-on-demand-stream-hour', 730))} a month instead of ${money(dollars('kinesis-shard-hour', 730))} for a shard.
The dashboard is free if the account has no more than three.

## Logging in and out

Dollars per million requests. Cognito's identity pools and STS cost nothing.

${sessionTable()}

## Settings that cost

${optionTable()}

## What the account adds

Nothing of this is in the stack; an account that audits everything pays it all the same.

${auditTable()}

AWS Config records every queue that comes and goes unless its type is left out. In an account with many logins, leave it out:

\`\`\`sh
aws configservice put-configuration-recorder --configuration-recorder name=default,roleARN=<role> \\
  --recording-group '{"exclusionByResourceTypes":{"resourceTypes":["AWS::SQS::Queue"]},"recordingStrategy":{"useOnly":"EXCLUSION_BY_RESOURCE_TYPES"}}'
\`\`\`

(The command replaces the recorder's other exclusions: \`aws configservice describe-configuration-recorders\` shows them. An account of Control Tower has
its recorder managed: ask who runs the landing zone, or give sessions an account of their own.)
`;
};

/** The text of docs/cost.md. */
export const costPage = (results: Results): Promise<string> =>
  format(page(results), { parser: 'markdown', printWidth: 120, singleQuote: true });
