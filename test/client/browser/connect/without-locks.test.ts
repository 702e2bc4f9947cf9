import { afterEach, describe, expect, test } from '@jest/globals';
import type { Environment } from '../../../../client/browser/connect.ts';
import type { FakeTab } from '../fake-browser.ts';
import type { Client } from '../client-harness.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

/** A tab as over plain HTTP: there are no Web Locks. */
const open = (): Client => {
  const tab = harness.browser.tab();
  return harness.show({ environment: without(tab) }, tab);
};
const without = ({ environment }: FakeTab): Environment => ({ ...environment, navigator: { onLine: true } });

const leaders = (clients: readonly Client[]): number => clients.filter(({ events }) => events.leader).length;

describe('without Web Locks', () => {
  test('every tab shows every event, and one of them polls', async () => {
    const clients = [open(), open(), open(), open()];
    await harness.clock.advance(5_000);
    const ids = Array.from({ length: 12 }, (_, n) => harness.sqs.send({ n }));
    await harness.clock.advance(5_000);
    for (const { shown } of clients) expect(shown).toEqual(ids);
    expect(leaders(clients)).toBe(1);
    expect(harness.sqs.mostPolls).toBe(1);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('a tab that comes later listens to the one that polls', async () => {
    const first = open();
    await harness.clock.advance(5_000);
    const second = open();
    await harness.clock.advance(5_000);
    expect([first.events.leader, second.events.leader]).toEqual([true, false]);
  });

  const ends: Record<string, (client: Client) => void> = {
    'closes its connection': ({ events }) => void events.close(),
    'is closed': ({ tab }) => {
      tab.leave();
    },
    crashes: ({ tab }) => {
      tab.crash();
    },
    'stands still': ({ tab }) => {
      tab.freeze();
    },
  };
  for (const [name, end] of Object.entries(ends)) {
    test(`another tab takes over within seconds when the leader ${name}`, async () => {
      const clients = [open(), open(), open()];
      await harness.clock.advance(5_000);
      const leader = clients.find(({ events }) => events.leader);
      if (leader) end(leader);
      await harness.clock.advance(4_000);
      const others = clients.filter((client) => client !== leader);
      expect(leaders(others)).toBe(1);
      const id = harness.sqs.send({ n: 1 });
      await harness.clock.advance(6_000);
      for (const { shown } of others) expect(shown).toContain(id);
    });
  }

  test('a leader that stood still steps down when it goes on', async () => {
    const clients = [open(), open(), open()];
    await harness.clock.advance(5_000);
    const frozen = clients.find(({ events }) => events.leader);
    frozen?.tab.freeze();
    await harness.clock.advance(5_000);
    frozen?.tab.thaw();
    await harness.clock.advance(5_000);
    expect(leaders(clients)).toBe(1);
    expect(frozen?.events.leader).toBe(false);
  });
});

describe('where the browser forbids', () => {
  const forbidden = (): never => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  const environments: Record<string, (environment: Environment) => Environment> = {
    'a channel, as Firefox does with cookies blocked': (environment) => ({
      ...environment,
      BroadcastChannel: forbidden as unknown as NonNullable<Environment['BroadcastChannel']>,
    }),
    'even to look at a channel': (environment) =>
      Object.defineProperty({ ...environment }, 'BroadcastChannel', { get: forbidden }),
    'even to look at locks': (environment) => ({
      ...environment,
      navigator: Object.defineProperty({ onLine: true }, 'locks', { get: forbidden }),
    }),
    'a lock, without a promise': (environment) => ({ ...environment, navigator: { locks: { request: forbidden } } }),
    'every storage': (environment) =>
      Object.defineProperties(
        { ...environment },
        { localStorage: { get: forbidden }, sessionStorage: { get: forbidden } },
      ),
  };
  for (const [name, change] of Object.entries(environments)) {
    test(`${name}, the tab works, alone if need be`, async () => {
      const tab = harness.browser.tab();
      const { events, shown } = harness.show({ environment: change(tab.environment) }, tab);
      harness.sqs.send({ n: 1 }, 'a');
      await harness.clock.advance(1_000);
      expect([shown, events.leader]).toEqual([['a'], true]);
      tab.fire('pagehide');
      tab.fire('pageshow');
      harness.sqs.send({ n: 2 }, 'b');
      await harness.clock.advance(6_000);
      expect(shown).toEqual(['a', 'b']);
    });
  }
});

describe('tabs that have nothing to say', () => {
  test.each([
    ['one is seen', 1],
    ['all are seen', 7],
  ])('say little when %s: one asks, and only the leader hears it', async (_name, seen) => {
    const clients = Array.from({ length: 7 }, () => harness.show());
    await harness.clock.advance(2_000);
    clients.forEach(({ tab }, index) => {
      if (index < 7 - seen) tab.show('hidden');
    });
    await harness.clock.advance(5_000);
    const before = harness.browser.wakes;
    await harness.clock.advance(60_000);
    // A question and an answer twice a second, and one for all now and then. With all hearing all it was 1,440.
    expect(harness.browser.wakes - before).toBeLessThanOrEqual(320);
  });

  test('say next to nothing when nobody looks at a tab that does not poll', async () => {
    const clients = Array.from({ length: 7 }, () => harness.show());
    await harness.clock.advance(2_000);
    clients.forEach(({ tab, events }) => {
      if (!events.leader) tab.show('hidden');
    });
    await harness.clock.advance(5_000);
    const before = harness.browser.wakes;
    await harness.clock.advance(60_000);
    expect(harness.browser.wakes - before).toBeLessThanOrEqual(84);
  });
});
