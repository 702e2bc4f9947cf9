import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CallRecord } from 'aws-template-emulator';
import { Planting } from './planting.ts';
import { ServiceHarness } from './service-harness.ts';
import { serviceContext } from '../tools/identities.ts';

const hour = 3600;

/** Expired sessions that are cleaned up, with two orphans to three of them. CI takes 3,000. */
const expired = Number(process.env['CLEANUP_SESSIONS'] ?? 300);
const orphans = Math.floor((expired * 2) / 3);

/** Sessions that are listed. CI takes 5,000. */
const listed = Number(process.env['LISTED_SESSIONS'] ?? 1500);

interface Page {
  readonly sessions: readonly { readonly accountId: number; readonly sessionId: string }[];
  readonly nextToken?: string;
}

describe(`${listed} sessions`, () => {
  /** The longest ids there are, four bytes to a character: a page of a hundred descriptions is as large as it can be. */
  const idPrefix = '\u{1f600}'.repeat(250);
  let harness: ServiceHarness;

  beforeAll(async () => {
    harness = await ServiceHarness.start();
    const planting = new Planting(harness.runtime);
    await planting.sessions(listed, 0, 4 * hour, { idPrefix });
  }, 120_000);

  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
  });

  /** Reads the whole list and says each session's key, page by page. */
  const readList = async (
    path: string,
    onPage: (bytes: number) => void = () => undefined,
  ): Promise<readonly string[]> => {
    const seen: string[] = [];
    let token = '';
    do {
      const { body } = await harness.call<Page>(
        `${path}?limit=100${token && `&nextToken=${encodeURIComponent(token)}`}`,
      );
      onPage(Buffer.byteLength(JSON.stringify(body)));
      seen.push(...body.sessions.map(({ accountId, sessionId }) => `${accountId}/${sessionId}`));
      token = body.nextToken ?? '';
    } while (token !== '');
    return seen;
  };

  test('come back once each while others come and go, in pages of at most 200 KiB', async () => {
    const sizes: number[] = [];
    const churn = async (): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        await harness.create(100, `x${round}`);
        await harness.call(`/destroy/100/x${round}`);
      }
    };
    const [seen] = await Promise.all([readList('/status', (bytes) => sizes.push(bytes)), churn()]);
    expect(seen.filter((key) => !key.startsWith('100/'))).toHaveLength(listed);
    expect(new Set(seen).size).toBe(seen.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200 * 1024);
    expect(Math.max(...sizes)).toBeGreaterThan(115 * 1024);
  });

  test('of one account are listed by themselves', async () => {
    const seen = await readList('/status/3');
    expect(seen).toHaveLength(listed / 10);
    expect(seen.every((key) => key.startsWith('3/'))).toBe(true);
  });

  test('are listed by no token but one of the same list, unchanged', async () => {
    const { body } = await harness.call<Page>('/status/3?limit=1');
    const { nextToken = '' } = body;
    const changed = `${nextToken.slice(0, -2)}${nextToken.endsWith('AA') ? 'BB' : 'AA'}`;
    const refused = [`/status/4?nextToken=${nextToken}`, `/status?nextToken=${nextToken}`];
    for (const path of [...refused, `/status/3?nextToken=${changed}`, '/status/3?nextToken=', '/status?nextToken=x']) {
      const { status, body: error } = await harness.call(path);
      expect({ path, status }).toEqual({ path, status: 400 });
      expect(error['message']).toContain('nextToken');
    }
    expect((await harness.call(`/status/3?nextToken=${nextToken}`)).status).toBe(200);
  });
});

/** Calls for one thing each. A call that is made again because its answer took too long counts once: queues by their ARNs. */
const countWork = (calls: readonly CallRecord[]): number => {
  const queueCalls = calls.filter(({ action }) => action === 'DeleteQueue' || action === 'GetQueueAttributes');
  const onQueues = new Set(queueCalls.map(({ action, permissions }) => `${action} ${permissions[0]?.resource}`));
  const deletions = calls.filter(({ action }) => action === 'DeleteItem');
  const again = deletions.filter(({ outcome }) => outcome !== 'answered').length;
  // The queue of a session whose deletion was not answered is looked at like any orphan.
  return onQueues.size - again + deletions.length - again;
};

/** Calls that read or delete many things at once. */
const paged = new Set(['Query', 'Scan', 'ListQueues', 'ListIdentities', 'DeleteIdentities']);
const single = new Set(['DeleteQueue', 'GetQueueAttributes', 'DeleteItem', 'Invoke', 'StartSyncExecution']);
/** The cleanup's own state: read twice, and written when it has changed. */
const ownState = new Set(['DescribeTable', 'GetItem', 'PutItem']);

test(`the cleanup of ${expired} sessions and ${orphans} orphans makes two calls for each, and touches nothing else`, async () => {
  // It counts calls: none is to be throttled and made again.
  await using harness = await ServiceHarness.start(serviceContext, false);
  const planting = new Planting(harness.runtime);
  await planting.sessions(100, 20_000, 9 * hour);
  await planting.sessions(expired, 30_000, 1);
  for (let number = 40_000; number < 40_000 + orphans; number += 1) await planting.queue(number);
  const foreign = ['brws-devil-0123', 'brws-dev-zzzz', 'brws-dev-0123456789abcdeX', `brws-dev-x${'0'.repeat(32)}`];
  for (const name of foreign) await planting.namedQueue(name);
  harness.runtime.clock.advance(3 * hour * 1000);
  await harness.runtime.idle();

  const calls: CallRecord[] = [];
  const stopCounting = harness.runtime.calls.on((call) => calls.push(call));
  const removed = await harness.cleanUp();
  stopCounting();

  const live = new Set((await harness.records()).map(({ queueName }) => queueName));
  expect(live.size).toBe(100);
  expect(new Set(await harness.queues())).toEqual(new Set([...live, ...foreign]));
  expect(await harness.identities()).toHaveLength(100);
  expect(removed.sessions).toBeLessThanOrEqual(expired);
  expect(removed.queues).toBeLessThanOrEqual(expired + orphans);
  const others = calls.filter(({ action }) => !paged.has(action) && !single.has(action));
  expect(others.filter(({ action }) => !ownState.has(action))).toEqual([]);
  expect(others.length).toBeLessThanOrEqual(8 * removed.runs);
  expect(countWork(calls)).toBeLessThanOrEqual((expired + orphans) * 2);
  // For each of 16 shards its queues, its part of the table, its sessions and those again for 120 orphans; what is deleted 60 at a time, with a page
  // not full for each shard; and the identities that are left, with both readings of the sessions.
  const pages = 16 * 4 + orphans / 120 + expired / 60 + 16 + 34;
  expect(calls.filter(({ action }) => paged.has(action)).length).toBeLessThanOrEqual(pages * removed.runs);
}, 120_000);
