import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { handle as findSession } from '../../functions/find-session/handler.ts';
import { handle as listSessions } from '../../functions/list-sessions/handler.ts';
import { startSessionHarness, type SessionHarness } from '../tools/session-harness.ts';
import { machines } from './machines.ts';

/** Lives of a session; CI has 200. */
const numRuns = Number(process.env['HOSTILE_IDS'] ?? 10);

let harness: SessionHarness;

beforeAll(async () => {
  harness = await startSessionHarness();
});

afterAll(() => harness.stop());

const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }) },
  fc.constantFrom('/', '..', '%2F', '%', '@@', '"', "\\'", '$util', '#set($x = 1)', '\0', '\n', '\u202e', '__proto__'),
  fc.constantFrom('😀'.repeat(255), '語'.repeat(255), 's#a', 'u#1#a', '{"accountId":2}', 'constructor', ' ', '\ufeff'),
);
const accounts = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);
const users = fc.option(accounts, { nil: undefined });

const status = (request: object) => findSession(harness.dependencies)({ request, state: {}, expect: 'active' });
const list = (accountId: number) => listSessions(harness.dependencies)({ request: { accountId } });

describe('a session of whatever id', () => {
  test('lives its whole life under exactly that id', async () => {
    await fc.assert(
      fc.asyncProperty(accounts, hostile, users, async (accountId, sessionId, userId) => {
        const machine = machines(harness);
        const request = { accountId, sessionId, ...(userId !== undefined && { userId }) };
        const created = await machine.create(request);
        expect(created).toMatchObject(request);
        const { description } = await status({ accountId: String(accountId), sessionId });
        expect(created).toMatchObject({ ...description });
        expect((await machine.renew(request)).sqsUrl).toBe(created.sqsUrl);
        const refreshed = await machine.create(request);
        expect(refreshed.sqsUrl).toBe(created.sqsUrl);
        const [listed] = (await list(accountId)).sessions;
        expect(refreshed).toMatchObject({ ...listed });
        await machine.destroy(request);
        await expect(status(request)).rejects.toMatchObject({ name: 'SessionNotFound' });
        expect([await harness.queueUrls(), await harness.identities()]).toEqual([[], []]);
      }),
      { numRuns },
    );
  });

  test('is another one’s for another id, however alike', async () => {
    const machine = machines(harness);
    const ids = [
      'a',
      'A',
      'a ',
      ' a',
      'a\0',
      'á',
      'a\u0301',
      '%61',
      'a/',
      '1',
      '01',
      `${'😀'.repeat(254)}😁`,
      '😀'.repeat(255),
    ];
    const created = await Promise.all(ids.map((sessionId) => machine.create({ accountId: 7, sessionId, userId: -5 })));
    expect(new Set(created.map(({ sqsUrl }) => sqsUrl)).size).toBe(ids.length);
    expect((await list(7)).sessions.map(({ sessionId }) => sessionId).sort()).toEqual([...ids].sort());
    for (const sessionId of ids) await machine.destroy({ accountId: 7, sessionId });
  });
});
