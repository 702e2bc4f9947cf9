import { modelOf } from '../aws-model/predictions.ts';
import type { Results } from '../results.ts';
import type { DeliveryScenario } from './deliveries.ts';
import { peerPerMillionDeliveries, peers, perMillionDeliveries } from './deliveries.ts';
import { dollars, hoursPerMonth, prices } from './prices.ts';
import { deliveryScenarios } from './scenarios.ts';
import { alarmMetrics, attentions, idleMonth, perMillionSessionMinutes } from './session-minutes.ts';
import { auditTable, optionTable, perMillionMinutesOfRenewals, sessionTable } from './session-tables.ts';
import { formatPage, table } from '../markdown.ts';
import { money } from './money.ts';

/** Message sizes, kilobytes. */
const sizes = [1, 5, 20, 50, 200] as const;

const deliveryTable = (scenario: DeliveryScenario): string => {
  const ours = ['sqs-browser', ...sizes.map((size) => money(perMillionDeliveries(scenario, size)))];
  const theirs = peers.map((peer) => [
    peer.name,
    ...sizes.map((size) => money(peerPerMillionDeliveries(peer, scenario, size))),
  ]);
  return table(['dollars per million deliveries', ...sizes.map((size) => `${size} KB`)], [ours, ...theirs]);
};

const cheapest = (scenario: DeliveryScenario): string => {
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
const idle = idleMonth({ shards: 1, alarmMetrics: alarmMetrics.withStream, cleanupSeconds: 900, identities: 'guests' });
const idleWithoutStream = idleMonth({
  shards: 0,
  alarmMetrics: alarmMetrics.withoutStream,
  cleanupSeconds: 900,
  identities: 'guests',
});

const idleTable = (lines: typeof idle): string =>
  table(
    ['', 'dollars a month'],
    [
      ...lines.map(({ name, usd }) => [name, money(usd)]),
      ['in all', money(lines.reduce((sum, { usd }) => sum + usd, 0))],
    ],
  );

const page = ({ measured, recording }: Results): string => {
  const model = modelOf(recording);
  const scenarios = deliveryScenarios(model);
  return `# What it costs

Dollars, ${prices.region}, prices as looked up on ${prices.checked} (bench/cost/prices.json has every price with its source; most are
quoted by third parties, so check those that matter to you). The calls, executions, log lines and read units are those that the benchmark recorded on
${measured.slice(0, 10)} in bench/results.json. Written by \`npm run bench\` and by \`npm run cost\`; nothing here is typed by hand.

How long functions and executions run on AWS, which is billed, cannot be counted on one machine: it is what the
[model of AWS](performance.md#predictions-for-aws) says. A stream is read as Lambda reads it, [once a second and shard](https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html): a batch has the messages of a second, and a session
gets its messages of a second ten to a send. The recorded messages have a hundred bytes; for larger ones the calls grow as the limits make them: 96 KiB of messages an execution,
1 MiB a send, 6 MB a batch of the stream. Messages of 200 KB are taken as ones that compression makes no smaller: they wait in a bucket on their way, but for those of
notify calls to few sessions. JSON of that size usually travels compressed, and costs no bucket. Data transfer and free tiers are left out on all sides, and logs of runs and traces where no line names them; so are
the functions and the table of connections that API Gateway's WebSockets need to know whom to send to.

## Deliveries

A delivery is one message that reached one session: sent, received and deleted. The other services are computed for the
same messages to as many receivers; where they cannot take a message of that size there is a dash. The price of AppSync Events is that of eu-west-1: the row of us-east-1 was not seen.

${scenarios.map((scenario) => `### ${scenario.scenario.charAt(0).toUpperCase()}${scenario.scenario.slice(1)}\n\n${deliveryTable(scenario)}\n\n${cheapest(scenario)}`).join('\n\n')}

## Being connected

Nothing arrives; the session waits.

${minutesTable()}

A client renews its session's keys before they expire, paused or not: with keys of four hours that is ${perMillionMinutesOfRenewals(model, 4).toFixed(3)} dollars per million
session-minutes more, with \`keyHours=12\` ${perMillionMinutesOfRenewals(model, 12).toFixed(3)}. The backend may stop renewing for users who are gone.

**AppSync Events and IoT Core are far cheaper for browsers that are always in view and rarely get anything**: a long poll lasts
20 seconds at the most, so waiting takes three requests a minute, and API Gateway's WebSockets are cheaper as well unless
the page is looked at for a fifth of the time or less. sqs-browser is made for pages that are mostly not looked at: a paused
session costs nothing and loses nothing, for as long as the queue keeps its messages.

## Nobody connected

A month in which nothing happens, with the stack's defaults:

${idleTable(idle)}

The same without a stream (\`streamMode=NONE\`, messages through the API alone); with \`identities=developer\` it needs no secret:

${idleTable(idleWithoutStream)}

An on-demand stream (\`streamMode=ON_DEMAND\`) costs ${money(dollars('kinesis-on-demand-stream-hour', hoursPerMonth))} a month instead of ${money(dollars('kinesis-shard-hour', hoursPerMonth))} for a shard.
The dashboard is free if the account has no more than three.

## Requests to the API

Dollars per million. Cognito's identity pools and STS cost nothing. The column _requests_ has all that a request uses, with what the functions log. The log of the runs is that of Step
Functions, step by step. Traces are counted for 5 % of the requests, as X-Ray's default rule records them when there are many. Sessions' machines log every run unless \`logRuns=failures\` is set, the dispatch logs failures
unless \`logRuns=all\` is.

${sessionTable(model)}

## What options cost and gain

All options are in [README's table](../README.md#configuration). Times are the model's, median to median.

${optionTable(model)}

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
export const costPage = (results: Results): Promise<string> => formatPage(page(results));
