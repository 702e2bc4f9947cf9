import { expect, test } from '@jest/globals';
import { idleMonth } from '../../../bench/cost/session-minutes.ts';

test.each(['guests', 'developer'] as const)(
  'a stage without a stream that nobody uses costs less than a dollar a month with %s',
  (identities) => {
    const lines = idleMonth({ shards: 0, alarmMetrics: 5, cleanupSeconds: 900, identities });
    expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeLessThan(1);
  },
);
