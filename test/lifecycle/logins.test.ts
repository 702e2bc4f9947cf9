import { afterEach, expect, test } from '@jest/globals';
import { startSessionHarness, type SessionHarness } from '../tools/session-harness.ts';
import { machines } from './machines.ts';

/** How many users log in; CI has 2,000. */
const logins = Number(process.env['LOGINS'] ?? 160);
const perSecond = 150;

let harness: SessionHarness;

afterEach(() => harness.stop());

/** AWS's default quotas of an account hold. */
const start = async (poolSize: number) => {
  harness = await startSessionHarness({ quotas: {}, poolSize });
  return machines(harness);
};

const calls = ['GetId', 'CreateQueue', 'GetOpenIdToken', 'AssumeRoleWithWebIdentity', 'PutItem'] as const;
const counted = () => Object.fromEntries(calls.map((action) => [action, harness.count(action)]));

test('a storm of logins takes from the pool, 150 a second within the default quotas', async () => {
  const run = await start(logins);
  for (let full = false; !full; full = !(await run.fillPool()).again);
  const before = counted();
  const urls = new Set<string>();
  for (let first = 0; first < logins; first += perSecond) {
    const numbers = Array.from({ length: Math.min(perSecond, logins - first) }, (_, index) => first + index);
    const sessions = await Promise.all(
      // Accounts of their own: an account is a partition of the table.
      numbers.map((number) => run.create({ accountId: number, sessionId: 's' })),
    );
    for (const { sqsUrl } of sessions) urls.add(sqsUrl);
    harness.clock.advance(1000);
  }
  expect(urls.size).toBe(logins);
  // A call that was throttled would have been made again.
  expect(Object.entries(counted()).map(([action, count]) => [action, count - (before[action] ?? 0)])).toEqual([
    ['GetId', 0],
    ['CreateQueue', 0],
    ['GetOpenIdToken', logins],
    ['AssumeRoleWithWebIdentity', logins],
    ['PutItem', logins],
  ]);
});

test('without a pool the same quotas let 25 users a second in', async () => {
  const run = await start(0);
  const all = await Promise.allSettled(
    Array.from({ length: 40 }, (_, accountId) => run.create({ accountId, sessionId: 's' })),
  );
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
  expect(all.find((one) => one.status === 'rejected')?.reason).toMatchObject({ name: 'Throttled' });
});
