import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/plan-cleanup/handler.ts';
import { fault, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const plan = (request: unknown) => handle(harness.dependencies, harness.environment)({ request });
const key = { accountId: 0.5, sessionId: 'cleanup' };
const table = () => harness.dependencies.table.client;

/** Has the table hold what a table with another id held. */
const restore = async () => {
  const { Item } = await table().call('GetItem', { TableName: 'Sessions', Key: key });
  await table().call('PutItem', { TableName: 'Sessions', Item: { ...Item, tableId: 'another' } });
};

describe('the plan of a cleanup', () => {
  test('has a shard for every hex digit', async () => {
    expect((await plan({})).shards.join('')).toBe('0123456789abcdef');
  });

  test.each([
    [{}, 20],
    [{ budgetSeconds: 240 }, 240],
    [{ budgetSeconds: '270', body: '{}' }, 270],
    [{ budgetSeconds: 1 }, 1],
  ])('gives %j a deadline in %d seconds', async (request, seconds) => {
    expect((await plan(request)).deadline).toBe(harness.now() + seconds * 1000);
  });

  test.each([0, 271, '', '1e2', null, 1.5, -20])('refuses a budget of %j', async (budgetSeconds) => {
    await expect(plan({ budgetSeconds })).rejects.toThrow('must be an integer from 1 to 270');
  });

  test.each([
    ['body', { body: '[1]' }],
    ['request', null],
    ['request', undefined],
  ])('refuses a wrong %s', async (field, request) => {
    await expect(plan(request)).rejects.toThrow(`${field} is `);
    expect(harness.calls).toEqual([]);
  });

  test('passes throttling on', async () => {
    harness.on('before DescribeTable', fault('ThrottlingException'));
    await expect(plan({})).rejects.toMatchObject({ name: 'Throttled' });
  });
});

describe('a table', () => {
  test('that is new has been in use since it was made', async () => {
    const { restored, since } = await plan({});
    expect(restored).toBe(false);
    expect(since).toBe(Math.floor(harness.now() / 1000));
  });

  test('is settled 12 hours and the grace period later', async () => {
    const { since } = await plan({});
    const settledAt = (since + 12 * 3600 + 600) * 1000;
    harness.clock.advance(settledAt - 1 - harness.now());
    expect((await plan({})).settled).toBe(false);
    harness.clock.advance(1);
    expect((await plan({})).settled).toBe(true);
  });

  test('that was restored has been in use since the first cleanup that saw it', async () => {
    await plan({});
    await restore();
    const seen = harness.now() / 1000;
    expect(await plan({})).toMatchObject({ restored: true, since: seen, settled: false });
    harness.clock.advance(60_000);
    expect(await plan({})).toMatchObject({ restored: true, since: seen });
    expect(harness.log.lines).toContainEqual({ level: 'warn', code: 'TABLE_RESTORED', fields: { since: seen } });
  });

  test('without the state of the cleanup is taken for a new one', async () => {
    await plan({});
    await table().call('DeleteItem', { TableName: 'Sessions', Key: key });
    expect(await plan({})).toMatchObject({ restored: false });
  });
});
