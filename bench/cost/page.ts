import { format } from 'prettier';
import type { Results } from '../results.ts';
import type { CountedScenario } from './deliveries.ts';
import { assumed, peerPerMillionDeliveries, peers, perMillionDeliveries } from './deliveries.ts';
import { dollars, prices } from './prices.ts';
import { attentions, idleMonth, perMillionSessionMinutes } from './session-minutes.ts';

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

const money = (usd: number | undefined): string => (usd === undefined ? '–' : usd.toFixed(2));

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...header), row(...header.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

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

/** The stack's defaults. */
const idle = idleMonth({ shards: 1, alarmMetrics: 13, cleanupSeconds: 900 });

/** What an idle stack costs in a month, dollars. */
const idleTotal = idle.reduce((sum, { usd }) => sum + usd, 0);

const page = ({ measured, counted }: Results): string => {
  const scenarios = shown.flatMap((name) => counted.filter(({ scenario }) => scenario === name));
  return `# What it costs

Dollars, ${prices.region}, prices as looked up on ${prices.checked} (bench/cost/prices.json has every price with its source; most are
quoted by third parties, so check those that matter to you). The calls are those the benchmark counted on
${measured.slice(0, 10)} in bench/results.json. Written by \`npm run cost\`; nothing here is typed by hand.

What cannot be counted on one machine is how long AWS takes. Each function of the machine is taken to run for
${assumed.task.milliseconds} ms, the router for ${assumed.router.milliseconds} ms, both at ${assumed.task.megabytes} MB, each execution for ${assumed.execution.milliseconds} ms at ${assumed.execution.megabytes} MB. The benchmark's
messages have a few hundred bytes; for larger ones the calls grow as the limits make them: 96 KiB of messages an execution,
1 MiB a send, 6 MB a batch of the stream, and a message of 200 KB is kept in a table on its way. Data transfer, logs, traces
and free tiers are left out on all sides; so are the functions and the table of connections that API Gateway's WebSockets
need to know whom to send to.

## Deliveries

A delivery is one message that reached one session: sent, received and deleted. The other services are computed for the
same messages to as many receivers; where they cannot take a message of that size there is a dash.

${scenarios.map((scenario) => `### ${scenario.scenario.charAt(0).toUpperCase()}${scenario.scenario.slice(1)}\n\n${deliveryTable(scenario)}\n\n${cheapest(scenario)}`).join('\n\n')}

## Being connected

Nothing arrives; the session waits.

${minutesTable()}

**AppSync Events and IoT Core are far cheaper for browsers that are always in view and rarely get anything**: a long poll lasts
20 seconds at the most, so waiting takes three requests a minute, and API Gateway's WebSockets are cheaper as well unless
the page is looked at for a fifth of the time or less. sqs-browser is made for pages that are mostly not looked at: a paused
session costs nothing and loses nothing, for as long as the queue keeps its messages.

## Nobody connected

A month in which nothing happens, with the stack's defaults:

${table(['', 'dollars a month'], [...idle.map(({ name, usd }) => [name, money(usd)]), ['in all', money(idleTotal)]])}

An on-demand stream (\`streamMode=ON_DEMAND\`) costs ${money(dollars('kinesis-on-demand-stream-hour', 730))} a month instead of ${money(dollars('kinesis-shard-hour', 730))} for a shard.
`;
};

/** The text of docs/cost.md. */
export const costPage = (results: Results): Promise<string> =>
  format(page(results), { parser: 'markdown', printWidth: 120, singleQuote: true });
