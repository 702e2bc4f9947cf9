import { expect, test } from '@jest/globals';
import { modelOf } from '../../../bench/aws-model/predictions.ts';
import { perMillionMinutesOfRenewals } from '../../../bench/cost/session-tables.ts';
import { readResults } from '../../../bench/results.ts';

const model = modelOf(readResults().recording);

test('a session that is renewed less often costs less', () => {
  expect(perMillionMinutesOfRenewals(model, 12)).toBeCloseTo(perMillionMinutesOfRenewals(model, 4) / 3);
});
