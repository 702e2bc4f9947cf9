import { expect, test } from '@jest/globals';
import { modelOf } from '../../../bench/aws-model/predictions.ts';
import { judgedPrices, priceAims, pricedRequests } from '../../../bench/cost/priced-requests.ts';
import { readResults } from '../../../bench/results.ts';

const model = modelOf(readResults().recording);
const requests = pricedRequests(model);

test('a request costs more with the log of every run than with that of failures', () => {
  expect(requests.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['create', 'renew', 'notify of one session']),
  );
  for (const { withLog, failuresOnly, log } of requests) expect(withLog - failuresOnly).toBeCloseTo(log);
});

test('every aim is judged: that of create with each of its two logs', () => {
  const recorded = Object.keys(priceAims).filter((name) => requests.some((request) => request.name === name));
  const names = judgedPrices(model).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['price of create, every run logged', 'price of create, failures logged']),
  );
  expect(names).toHaveLength(recorded.length + 1);
});
