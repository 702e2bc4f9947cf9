import { expect, test } from '@jest/globals';
import { idleMonth } from '../../../bench/cost/session-minutes.ts';

test('a stage that nobody uses costs less than a dollar a month without a stream and guests', () => {
  const lines = idleMonth({ shards: 0, alarmMetrics: 6, cleanupSeconds: 900, identities: 'developer' });
  expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeLessThan(1);
});
