import { modelOf } from '../aws-model/predictions.ts';
import { formatPage } from '../markdown.ts';
import type { Results } from '../results.ts';
import { peerPerMillionDeliveries, peers, perMillionDeliveries } from './deliveries.ts';
import { money } from './money.ts';
import { perMillionPairs, poolMonth } from './pool.ts';
import { dollars, hoursPerMonth } from './prices.ts';
import { deliveryScenarios } from './scenarios.ts';
import { attentions, perMillionSessionMinutes } from './session-minutes.ts';

/** Sizes of small messages, in kilobytes. */
const smallSizes = [1, 5] as const;

/** What other pages quote, by the name in `<!-- price: name -->`. */
export const quotedPrices = (results: Results): Readonly<Record<string, number>> => {
  const scenarios = deliveryScenarios(modelOf(results.recording));
  const notify = scenarios.filter(({ by }) => by === 'notify');
  const streams = scenarios.filter(({ by, messages }) => by === 'kinesis' && messages > 1);
  const perSend = ({ deliveries, calls }: (typeof streams)[number]) =>
    deliveries / (calls['sqs:SendMessageBatch'] ?? NaN);
  const chatty = streams.filter((scenario) => perSend(scenario) >= 2);
  const sparse = streams.filter((scenario) => perSend(scenario) < 2);
  const ofStreams = smallSizes.flatMap((size) => chatty.map((scenario) => perMillionDeliveries(scenario, size)));
  const others = (of: typeof scenarios): readonly number[] =>
    smallSizes.flatMap((size) =>
      of.flatMap((scenario) => peers.flatMap((peer) => peerPerMillionDeliveries(peer, scenario, size) ?? [])),
    );
  const [always] = attentions;
  return {
    'idle peer': Math.min(...peers.map(({ minute }) => dollars(minute, 1e6))),
    'idle session': always ? perMillionSessionMinutes(always) : NaN,
    notify: Math.max(...notify.map((scenario) => perMillionDeliveries(scenario, 1))),
    'notify peers from': Math.min(...others(notify)),
    'notify peers to': Math.max(...others(notify)),
    'streams from': Math.min(...ofStreams),
    'streams to': Math.max(...ofStreams),
    'sparse stream': Math.max(...sparse.map((scenario) => perMillionDeliveries(scenario, 1))),
    'streams peers from': Math.min(...others(streams)),
    'shard month': dollars('kinesis-shard-hour', hoursPerMonth),
    'pool month': poolMonth(2000),
    'pool pairs': perMillionPairs(),
  };
};

const quoted = /<!-- price: ([^>]+?) -->\$[\d.]+/g;

/** The page with the prices that it quotes. @throws Error naming a price that there is not */
export const withPrices = async (page: string, results: Results): Promise<string> => {
  const prices = quotedPrices(results);
  const text = page.replace(quoted, (_match, name: string) => {
    const usd = prices[name];
    if (usd === undefined)
      throw new Error(`There is no price "${name}": it is one of ${Object.keys(prices).join(', ')}`);
    return `<!-- price: ${name} -->$${money(usd)}`;
  });
  return formatPage(text);
};
