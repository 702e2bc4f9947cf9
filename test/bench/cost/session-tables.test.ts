import { expect, test } from '@jest/globals';
import { modelOf } from '../../../bench/aws-model/predictions.ts';
import { perMillionMinutesOfRenewals, pricedRequests } from '../../../bench/cost/session-tables.ts';
import { readResults } from '../../../bench/results.ts';

const model = modelOf(readResults().recording);

test('a session that is renewed less often costs less', () => {
  expect(perMillionMinutesOfRenewals(model, 12)).toBeCloseTo(perMillionMinutesOfRenewals(model, 4) / 3);
});

test('a request costs more with the log of every run than with that of failures', () => {
  const requests = pricedRequests(model);
  expect(requests.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['create', 'renew', 'notify of one session']),
  );
  for (const { withLog, failuresOnly, log } of requests) expect(withLog - failuresOnly).toBeCloseTo(log);
});
