import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { handle, type SessionPage } from '../../../functions/list-sessions/handler.ts';
import { listedSession, newRecord, type SessionRecord } from '../../../functions/sessions/session-record.ts';
import { fault, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;
let now = (): number => harness.now();

beforeAll(async () => {
  harness = await startSessionHarness();
});

afterAll(() => harness.stop());

afterEach(async () => {
  for (const { accountId, sessionId } of await harness.records()) await remove(accountId, sessionId);
});

const remove = (accountId: number, sessionId: string) =>
  harness.dependencies.table.client.call('DeleteItem', { TableName: 'Sessions', Key: { accountId, sessionId } });

/** Writes a session's record. `expiresIn` in seconds. */
const add = (accountId: number, sessionId: string, { expiresIn = 3600 } = {}): Promise<SessionRecord> => {
  const expires = harness.now() / 1000 + expiresIn;
  const identity = { identityId: 'eu-west-1:1', nameSeed: 'n', nextNameSeed: 'm' };
  const parts = { request: { accountId, sessionId }, session: null, identity, expires };
  return harness.put(newRecord({ ...parts, queueUrl: `https://sqs/1/stack-${'0'.repeat(32)}` }, harness.now()));
};

const list = (request: unknown = {}): Promise<SessionPage> =>
  handle({ ...harness.dependencies, now: () => now() })({ request });

/** Turns all the pages; `between` is called after each. */
const listAll = async (request: object, between: (page: number) => Promise<unknown> = () => Promise.resolve()) => {
  const pages: SessionPage[] = [];
  let nextToken: string | undefined;
  do {
    const page = await list({ ...request, ...(nextToken !== undefined && { nextToken }) });
    pages.push(page);
    nextToken = page.nextToken;
    await between(pages.length);
  } while (nextToken !== undefined);
  return { pages, ids: pages.flatMap(({ sessions }) => sessions.map(({ sessionId }) => sessionId)) };
};

const numbered = (count: number, name = 's') => Array.from({ length: count }, (_, index) => `${name}${index}`);

describe('the list of sessions', () => {
  test('is empty when there are none', async () => {
    expect(await list()).toEqual({ sessions: [] });
  });

  test('describes the active sessions without keys and leaves out the others', async () => {
    const session = await add(5, 'active');
    await add(5, 'expired', { expiresIn: 0 });
    expect(await list()).toEqual({ sessions: [listedSession(session)] });
  });

  test('has a page of fifty unless another limit is given', async () => {
    await Promise.all(numbered(60).map((id, index) => add(index % 7, id)));
    const { pages, ids } = await listAll({});
    expect(pages.map(({ sessions }) => sessions.length)).toEqual([50, 10]);
    expect(new Set(ids).size).toBe(60);
    expect((await listAll({ limit: '25' })).pages.map(({ sessions }) => sessions.length)).toEqual([25, 25, 10]);
  });

  test('is of one account when it is named', async () => {
    await Promise.all([...numbered(7, 'a').map((id) => add(1, id)), ...numbered(3, 'b').map((id) => add(2, id))]);
    expect((await listAll({ accountId: '1', limit: 3 })).ids).toEqual(numbered(7, 'a'));
    expect((await listAll({ accountId: 2 })).ids).toEqual(numbered(3, 'b'));
    expect((await listAll({ accountId: 3 })).ids).toEqual([]);
  });

  test('shows every session that stays once, while others come and go', async () => {
    await Promise.all([
      ...numbered(40).map((id, n) => add(n % 5, id)),
      ...numbered(20, 'gone').map((id, n) => add(n % 5, id)),
    ]);
    const { ids } = await listAll({ limit: 7 }, (page) =>
      Promise.all([
        add(page % 5, `new${page}`),
        remove(page % 5, `gone${page}`),
        remove((page + 5) % 5, `gone${page + 5}`),
      ]),
    );
    expect(ids.filter((id) => id.startsWith('s')).sort()).toEqual(numbered(40).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('goes on from a session that has been removed', async () => {
    await Promise.all(numbered(4).map((id) => add(1, id)));
    const { nextToken } = await list({ accountId: 1, limit: 2 });
    await remove(1, 's1');
    expect((await list({ accountId: 1, nextToken })).sessions.map(({ sessionId }) => sessionId)).toEqual(['s2', 's3']);
  });

  test('keeps a page within 200 KiB, and loses nothing by that', async () => {
    const ids = numbered(200).map((id) => `${id}😀`);
    await Promise.all(ids.map((id) => add(1, id + '\u0001'.repeat(250))));
    const { pages, ids: listed } = await listAll({ limit: 100 });
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(200 * 1024);
    expect(pages.length).toBeLessThan(5);
    expect(new Set(listed).size).toBe(200);
  });

  test('looks past many expired sessions', async () => {
    await Promise.all([...numbered(30, 'a').map((id) => add(1, id, { expiresIn: -1 })), add(1, 'b')]);
    const page = await list({ accountId: 1, limit: 5 });
    expect(page.sessions.map(({ sessionId }) => sessionId)).toEqual(['b']);
    expect(page.nextToken).toBeUndefined();
  });

  test('answers what it has when time runs out, and goes on from there', async () => {
    await Promise.all([...numbered(6, 'a').map((id) => add(1, id, { expiresIn: -1 })), add(1, 'b')]);
    let time = harness.now();
    now = () => (time += 1000);
    try {
      const { pages, ids } = await listAll({ accountId: 1, limit: 2 });
      expect(pages[0]).toMatchObject({ sessions: [], nextToken: expect.any(String) });
      expect(ids).toEqual(['b']);
    } finally {
      now = () => harness.now();
    }
  });
});

describe('a request for the list', () => {
  test.each<[string, unknown]>([
    ['limit', { limit: 0 }],
    ['limit', { limit: '101' }],
    ['limit', { query: [['limit', '101']] }],
    ['nextToken', { query: [['nextToken', '']] }],
    ['query', { query: 'limit=5' }],
    ['limit', { limit: '' }],
    ['accountId', { accountId: 'x' }],
    ['accountId', { accountId: '' }],
    ['body', { body: '5' }],
    ['nextToken', { nextToken: '' }],
    ['nextToken', { nextToken: 'AAAA' }],
    ['request', []],
  ])('is refused for its %s: %j', async (field, request) => {
    await expect(list(request)).rejects.toMatchObject({ name: 'InvalidRequest', field });
  });

  test('is refused with the token of another list', async () => {
    await Promise.all(numbered(3).map((id) => add(1, id)));
    const [all, one] = [await list({ limit: 2 }), await list({ accountId: 1, limit: 2 })];
    for (const request of [
      { accountId: 1, nextToken: all.nextToken },
      { nextToken: one.nextToken },
      { accountId: 2, nextToken: one.nextToken },
    ]) {
      await expect(list(request)).rejects.toMatchObject({ field: 'nextToken' });
    }
  });

  test('fails as Throttled when DynamoDB throttles', async () => {
    harness.on('before Scan', fault('ThrottlingException'));
    await expect(list()).rejects.toMatchObject({ name: 'Throttled' });
  });
});
