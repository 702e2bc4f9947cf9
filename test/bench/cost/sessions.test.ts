import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { idleMonth } from '../../../bench/cost/session-minutes.ts';
import {
  perMillionLogged,
  perMillionMinutesOfRenewals,
  perMillionRequests,
  sessionRequests,
} from '../../../bench/cost/sessions.ts';

const tasksIn = (machine: string): number => {
  const file = join(import.meta.dirname, '..', '..', '..', 'statemachines', `${machine}.asl.json`);
  return (readFileSync(file, 'utf8').match(/"Type": "Task"/g) ?? []).length;
};

describe('a request about a session', () => {
  test('runs as many functions as its machine has tasks', () => {
    // A create makes a queue or sets its policy, and undoes nothing.
    expect(sessionRequests.create.functions).toBe(tasksIn('create-session') - 2);
    expect(sessionRequests.renew.functions).toBe(tasksIn('renew-session'));
    expect(sessionRequests.destroy.functions).toBe(tasksIn('destroy-session'));
  });

  test('costs about ten dollars per million, and its log nearly as much', () => {
    expect(perMillionRequests(sessionRequests.create)).toBeCloseTo(10.1, 1);
    expect(perMillionLogged(sessionRequests.create)).toBeCloseTo(8.4, 1);
  });

  test('that renews is made less often the longer keys live', () => {
    expect(perMillionMinutesOfRenewals(12)).toBeCloseTo(perMillionMinutesOfRenewals(4) / 3);
  });
});

test('a stage that nobody uses costs less than a dollar a month without a stream and guests', () => {
  const lines = idleMonth({ shards: 0, alarmMetrics: 6, cleanupSeconds: 900, identities: 'developer' });
  expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeLessThan(1);
});
