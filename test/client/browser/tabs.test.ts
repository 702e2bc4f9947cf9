import { afterEach, describe, expect, test } from '@jest/globals';
import { settle } from './fake-clock.ts';
import type { Client } from './client-harness.ts';
import { ClientHarness } from './client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

const seven = (): Client[] => Array.from({ length: 7 }, () => harness.show());

const leaderOf = (clients: readonly Client[]): Client => {
  const leader = clients.find(({ tab }) => tab === harness.browser.holder());
  if (!leader) throw new Error('nobody leads');
  return leader;
};

describe('seven tabs', () => {
  test('cost as one', async () => {
    seven();
    await harness.clock.advance(60_000);
    harness.sqs.calls.length = 0;
    await harness.clock.advance(10 * 60_000);
    expect(harness.sqs.calls).toHaveLength(30);
    expect(harness.sqs.mostPolls).toBe(1);
  });

  test('show every message once each, and delete it once', async () => {
    const clients = seven();
    await settle();
    const ids = Array.from({ length: 25 }, (_, n) => harness.sqs.send({ n }));
    await harness.clock.advance(3_000);
    for (const { shown } of clients) expect(shown).toEqual(ids);
    expect(harness.sqs.stored).toEqual([]);
    expect(harness.sqs.count('DeleteMessageBatch')).toBeLessThanOrEqual(4);
  });

  test('agree on the state, and on who leads', async () => {
    const clients = seven();
    harness.sqs.faults.push(() => new TypeError('network'));
    await harness.clock.advance(30);
    expect(clients.map(({ events }) => events.state.reason)).toEqual(clients.map(() => 'network'));
    await harness.clock.advance(1_000);
    expect(clients.map(({ events }) => events.state.status)).toEqual(clients.map(() => 'polling'));
    expect(clients.filter(({ events }) => events.leader)).toHaveLength(1);
  });

  test('renew once', async () => {
    const clients = seven();
    await settle();
    harness.sqs.revoke();
    await harness.clock.advance(25_000);
    expect(harness.renewals).toBe(1);
    expect(new Set(clients.map(({ events }) => events.session.accessKey)).size).toBe(1);
  });

  test('all end when the session is gone', async () => {
    const renew = (): Promise<never> => Promise.reject(Object.assign(new Error('Gone'), { status: 404 }));
    const clients = Array.from({ length: 7 }, () => harness.show({ renew }));
    await settle();
    harness.sqs.gone = true;
    await harness.clock.advance(30_000);
    expect(clients.map(({ events }) => events.state.reason)).toEqual(clients.map(() => 'session-gone'));
  });

  test('delete a message although the leader has a handler that hangs', async () => {
    const leader = harness.open();
    leader.events.addEventListener('message', () => new Promise(() => undefined));
    await settle();
    const { shown } = harness.show();
    await settle();
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    expect(shown).toEqual(['a']);
    expect(harness.sqs.stored).toEqual([]);
  });
});

describe('the next leader', () => {
  const ends: Record<string, (leader: Client) => void> = {
    'closes its page': ({ tab }) => {
      tab.leave();
    },
    crashes: ({ tab }) => {
      tab.crash();
    },
    'is frozen by the browser': ({ tab }) => {
      tab.fire('freeze');
      tab.freeze();
    },
    'closes its connection': ({ events }) => {
      void events.close();
    },
  };
  for (const [name, end] of Object.entries(ends)) {
    test(`polls within a second when the leader ${name}`, async () => {
      const clients = seven();
      await harness.clock.advance(5_000);
      const leader = leaderOf(clients);
      harness.sqs.polls.clear();
      end(leader);
      await harness.clock.advance(900);
      const others = clients.filter((client) => client !== leader);
      expect(others.filter(({ events }) => events.leader)).toHaveLength(1);
      harness.sqs.send({ n: 1 }, 'a');
      await harness.clock.advance(100);
      for (const { shown } of others) expect(shown).toEqual(['a']);
    });
  }

  test('polls within 1.2 seconds when the leader freezes without a word, at once when somebody looks', async () => {
    for (const [look, time] of [
      [false, 1_200],
      [true, 600],
    ] as const) {
      const other = new ClientHarness();
      const clients = Array.from({ length: 7 }, () => other.show());
      await other.clock.advance(6_500);
      const leader = clients.find(({ tab }) => tab === other.browser.holder());
      leader?.tab.freeze();
      const others = clients.filter((client) => client !== leader);
      if (look) others[3]?.tab.fire('focus');
      await other.clock.advance(time);
      expect(others.filter(({ events }) => events.leader)).toHaveLength(1);
      await other.close();
    }
  });

  test('polls within twelve seconds when the leader freezes without a word and nobody sees a tab', async () => {
    const clients = seven();
    for (const { tab } of clients) tab.show('hidden');
    await harness.clock.advance(33_000);
    const leader = leaderOf(clients);
    leader.tab.freeze();
    await harness.clock.advance(12_000);
    expect(clients.filter((client) => client !== leader && client.events.leader)).toHaveLength(1);
  });

  test('does not show again what the last one had shown', async () => {
    const clients = seven();
    await settle();
    const ids = Array.from({ length: 5 }, (_, n) => harness.sqs.send({ n }));
    await settle();
    leaderOf(clients).tab.crash();
    await harness.clock.advance(20_000);
    for (const { shown } of clients) expect(shown).toEqual(ids);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('keeps the lead when the frozen one thaws, which steps down', async () => {
    const clients = seven();
    await harness.clock.advance(5_000);
    const frozen = leaderOf(clients);
    frozen.tab.freeze();
    harness.sqs.send({ n: 1 }, 'a');
    // The poll of the frozen tab has it until then.
    await harness.clock.advance(4_900);
    expect(clients.flatMap(({ shown }) => shown)).toEqual([]);
    await harness.clock.advance(200);
    for (const client of clients) expect(client.shown).toEqual(client === frozen ? [] : ['a']);
    await harness.clock.advance(5_000);
    const leader = leaderOf(clients);
    frozen.tab.thaw();
    await harness.clock.advance(30_000);
    expect(leaderOf(clients)).toBe(leader);
    expect(frozen.events.leader).toBe(false);
    for (const { shown } of clients) expect(shown).toEqual(['a']);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('leaves nothing out in the tab that the browser froze and thaws', async () => {
    const clients = seven();
    await harness.clock.advance(5_000);
    const frozen = leaderOf(clients);
    frozen.tab.fire('freeze');
    frozen.tab.freeze();
    const ids = Array.from({ length: 3 }, (_, n) => harness.sqs.send({ n }));
    await harness.clock.advance(1_000);
    frozen.tab.thaw();
    frozen.tab.fire('resume');
    ids.push(harness.sqs.send({ n: 3 }));
    await harness.clock.advance(1_000);
    expect(frozen.events.leader).toBe(false);
    for (const { shown } of clients) expect(shown).toEqual(ids);
  });

  test('has the keys that were renewed before', async () => {
    const clients = seven();
    await settle();
    harness.sqs.revoke();
    await harness.clock.advance(25_000);
    leaderOf(clients).tab.crash();
    await harness.clock.advance(25_000);
    expect(harness.renewals).toBe(1);
  });
});

test.each([[true], [false]])(
  'tabs that are seen at the same moment agree on one leader, with Web Locks: %s',
  async (hasLocks) => {
    const clients = Array.from({ length: 4 }, () => {
      const tab = harness.browser.tab();
      const environment = hasLocks ? tab.environment : { ...tab.environment, navigator: { onLine: true } };
      return harness.show({ poll: 'visible-only', environment }, tab);
    });
    await harness.clock.advance(2_000);
    for (const { tab } of clients) tab.show('hidden');
    await harness.clock.advance(30_000);
    const before = harness.browser.wakes;
    for (const { tab } of clients) tab.show('visible');
    await harness.clock.advance(3_000);
    expect(clients.filter(({ events }) => events.leader)).toHaveLength(1);
    expect(harness.browser.wakes - before).toBeLessThan(180);
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    for (const { shown } of clients) expect(shown).toEqual(['a']);
  },
);

test('a tab that comes with newer keys gives them to the leader', async () => {
  const first = harness.show();
  await settle();
  await harness.clock.advance(60_000);
  const session = harness.sqs.session();
  harness.show({ session });
  await harness.clock.advance(25_000);
  expect(first.events.session.accessKey).toBe(session.accessKey);
  expect(harness.sqs.calls.at(-1)?.accessKey).toBe(session.accessKey);
  expect(harness.renewals).toBe(0);
});

test('a tab that comes with older keys leaves the leader its own', async () => {
  const session = harness.sqs.session(5 * 3_600);
  const first = harness.show({ session });
  await settle();
  harness.show();
  await harness.clock.advance(25_000);
  expect(first.events.session.accessKey).toBe(session.accessKey);
  expect(harness.sqs.calls.at(-1)?.accessKey).toBe(session.accessKey);
});

test('tabs that do not share poll by themselves', async () => {
  const clients = [harness.show({ share: false }), harness.show({ share: false })];
  await settle();
  expect(clients.map(({ events }) => events.leader)).toEqual([true, true]);
  expect(harness.sqs.polls.size).toBe(2);
});

test('a tab that may not use locks works alone', async () => {
  const tab = harness.browser.tab();
  const locks = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
  const { shown } = harness.show({ environment: { ...tab.environment, navigator: { locks } } }, tab);
  harness.sqs.send({ n: 1 }, 'a');
  await harness.clock.advance(1_000);
  expect(shown).toEqual(['a']);
});

test('a page without storage shows messages all the same', async () => {
  const tab = harness.browser.tab();
  const environment = {
    ...tab.environment,
    get localStorage(): never {
      throw new DOMException('no', 'SecurityError');
    },
  };
  const { shown } = harness.show({ environment }, tab);
  harness.sqs.send({ n: 1 }, 'a');
  await settle();
  expect(shown).toEqual(['a']);
});
