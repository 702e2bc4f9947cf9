import { afterEach, describe, expect, test } from '@jest/globals';
import { settle } from '../fake-clock.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

describe('visible-only', () => {
  test('costs nothing while hidden, and drains what waited when seen again', async () => {
    const { events, shown, tab } = harness.show({ poll: 'visible-only' });
    await settle();
    tab.show('hidden');
    await harness.clock.advance(25_000);
    expect(events.state).toMatchObject({ status: 'paused', reason: 'hidden' });
    harness.sqs.calls.length = 0;
    const ids = Array.from({ length: 42 }, (_, n) => harness.sqs.send({ n }));
    await harness.clock.advance(3_600_000);
    expect(harness.sqs.calls).toEqual([]);
    tab.show('visible');
    await harness.clock.advance(1_000);
    expect(shown).toEqual(ids);
  });

  test('does not abort the poll that may hold messages', async () => {
    const { shown, tab } = harness.show({ poll: 'visible-only' });
    await settle();
    tab.show('hidden');
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
  });

  test('polls in the tab that is seen when the leader is hidden', async () => {
    const first = harness.show({ poll: 'visible-only' });
    await settle();
    const second = harness.show({ poll: 'visible-only' });
    first.tab.show('hidden');
    await harness.clock.advance(25_000);
    expect([first.events.leader, second.events.leader]).toEqual([false, true]);
    expect(first.events.state.status).toBe('polling');
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect([first.shown, second.shown]).toEqual([['a'], ['a']]);
  });

  test('hands over within a second to a tab that comes into view', async () => {
    const tabs = Array.from({ length: 7 }, () => harness.show({ poll: 'visible-only' }));
    await settle();
    for (const { tab } of tabs) tab.show('hidden');
    await harness.clock.advance(60_000);
    expect(tabs.map(({ events }) => events.state.status)).toEqual(tabs.map(() => 'paused'));
    harness.sqs.send({ n: 1 }, 'a');
    tabs[5]?.tab.show('visible');
    await harness.clock.advance(1_000);
    expect(tabs[5]?.shown).toEqual(['a']);
    expect(tabs.filter(({ events }) => events.leader)).toHaveLength(1);
  });
});

describe('a function', () => {
  test('gets the state of the page, and is called again every five seconds', async () => {
    const asked: unknown[] = [];
    let wanted = false;
    const { events, shown } = harness.show({
      poll: (page) => {
        asked.push(page);
        return wanted;
      },
    });
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(20_000);
    expect(asked[0]).toEqual({ visible: true, online: true });
    expect(events.state).toMatchObject({ status: 'paused', reason: 'policy' });
    wanted = true;
    await harness.clock.advance(5_000);
    expect(shown).toEqual(['a']);
  });

  test('that throws does not stop the client silently', async () => {
    let calls = 0;
    const { events } = harness.show({
      poll: () => {
        if (++calls < 3) throw new Error('no policy');
        return true;
      },
    });
    await settle();
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'error', detail: 'Error: no policy' });
    expect(events.state).not.toHaveProperty('remedy');
    await harness.clock.advance(2_000);
    expect(events.state.status).toBe('polling');
  });
});
