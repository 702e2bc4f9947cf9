import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CallRecord } from '../../local/service.ts';
import { Planting } from './planting.ts';
import { rareCleanup, World } from './world.ts';

const hour = 3600;

interface Page {
  readonly sessions: readonly { readonly accountId: number; readonly sessionId: string }[];
  readonly nextToken?: string;
}

describe('thousands of sessions', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(rareCleanup);
    const planting = new Planting(world.runtime);
    await planting.sessions(5000, 0, 4 * hour);
  }, 120_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  /** Reads the whole list and says each session's key, page by page. */
  const readList = async (
    path: string,
    onPage: (bytes: number) => void = () => undefined,
  ): Promise<readonly string[]> => {
    const seen: string[] = [];
    let token = '';
    do {
      const { body } = await world.call<Page>(`${path}?limit=100${token && `&nextToken=${encodeURIComponent(token)}`}`);
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
        await world.create(100, `x${round}`);
        await world.call(`/destroy/100/x${round}`);
      }
    };
    const [seen] = await Promise.all([readList('/status', (bytes) => sizes.push(bytes)), churn()]);
    const planted = seen.filter((key) => !key.startsWith('100/'));
    expect(planted).toHaveLength(5000);
    expect(new Set(planted).size).toBe(5000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200 * 1024);
  });

  test('of one account are listed by themselves', async () => {
    const seen = await readList('/status/3');
    expect(seen).toHaveLength(500);
    expect(seen.every((key) => key.startsWith('3/'))).toBe(true);
  });

  test("a token of another account's list is refused", async () => {
    const { body } = await world.call<Page>('/status/3?limit=1');
    const { status, body: error } = await world.call(`/status/4?nextToken=${encodeURIComponent(body.nextToken ?? '')}`);
    expect(status).toBe(400);
    expect(error['message']).toContain('nextToken');
  });
});

test('the cleanup removes what expired and the orphans, no others, within the calls allowed', async () => {
  await using world = await World.start(rareCleanup);
  const planting = new Planting(world.runtime);
  await planting.sessions(100, 20_000, 9 * hour);
  await planting.sessions(3000, 30_000, 1);
  for (let number = 40_000; number < 42_000; number += 1) await planting.queue(number);
  const foreign = ['brws-devil-0123', 'brws-dev-zzzz', 'brws-dev-0123456789abcdeX'];
  for (const name of foreign) await planting.namedQueue(name);
  world.runtime.clock.advance(3 * hour * 1000);
  await world.runtime.idle();

  const calls: CallRecord[] = [];
  const stopCounting = world.runtime.calls.on((call) => calls.push(call));
  await world.cleanUp();
  stopCounting();

  const live = new Set((await world.records()).map(({ queueName }) => queueName));
  const queues = new Set(await world.queues());
  expect(live.size).toBe(100);
  expect(queues).toEqual(new Set([...live, ...foreign]));
  const paged = ['Query', 'ListQueues', 'ListIdentities', 'DeleteIdentities'];
  const work = calls.filter(
    ({ service, action }) => service !== 'lambda' && service !== 'states' && !paged.includes(action),
  );
  expect(work.length).toBeLessThanOrEqual((3000 + 2000) * 2);
}, 120_000);
