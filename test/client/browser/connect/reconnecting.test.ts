import { afterEach, describe, expect, test } from '@jest/globals';
import { settle } from '../fake-clock.ts';
import { named, ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

describe('close() and connect() again in one page', () => {
  test('goes on with the poll that is open, as often as it happens', async () => {
    const tab = harness.browser.tab();
    let client = harness.show({}, tab);
    for (let turn = 0; turn < 4; turn++) {
      await harness.clock.advance(1_500);
      void client.events.close();
      client = harness.show({}, tab);
    }
    await harness.clock.advance(1_500);
    expect(harness.sqs.polls.size).toBe(1);
    expect(harness.sqs.mostPolls).toBe(1);
    expect(client.events.state.status).toBe('polling');
  });

  test('shows every event once, in order', async () => {
    const tab = harness.browser.tab();
    const first = harness.show({}, tab);
    await harness.clock.advance(1_500);
    void first.events.close();
    const { shown } = harness.show({}, tab);
    await harness.clock.advance(1_500);
    const ids = Array.from({ length: 25 }, (_, n) => harness.sqs.send({ n }));
    await harness.clock.advance(5_000);
    expect(shown).toEqual(ids);
    expect(harness.sqs.count('ChangeMessageVisibilityBatch')).toBe(0);
  });

  test('has nothing to go on with when the queue is another one', async () => {
    const tab = harness.browser.tab();
    const first = harness.show({}, tab);
    await harness.clock.advance(1_500);
    void first.events.close();
    harness.show({ session: { ...harness.session, sqsUrl: `${harness.sqs.url}-other` } }, tab);
    await harness.clock.advance(1_500);
    expect(harness.sqs.calls.at(-1)?.parameters['QueueUrl']).toBe(`${harness.sqs.url}-other`);
  });
});

describe('close()', () => {
  test('resolves within seconds although SQS does not answer', async () => {
    const { events } = harness.show();
    harness.sqs.send({ n: 1 });
    await settle();
    harness.sqs.faults.push(...Array.from({ length: 20 }, () => () => 'hangs' as const));
    let isClosed = false;
    void events.close().then(() => (isClosed = true));
    await harness.clock.advance(6_000);
    expect(isClosed).toBe(true);
    await harness.clock.advance(60_000);
    expect(harness.clock.pending).toBe(0);
  });
});

describe('an offline browser', () => {
  test('is known at once, and so is its return', async () => {
    const { events, states, tab } = harness.show();
    await harness.clock.advance(3_000);
    tab.online = false;
    tab.fire('offline');
    await settle();
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'offline', remedy: 'Check the network.' });
    harness.sqs.polls.clear();
    harness.sqs.send({ n: 1 });
    await harness.clock.advance(60);
    tab.online = true;
    tab.fire('online');
    await harness.clock.advance(100);
    expect(states.map(named).slice(-2)).toEqual(['connecting/resumed', 'polling/listening']);
  });

  test('that only says so does not keep events away', async () => {
    const { events, shown, tab } = harness.show();
    await settle();
    tab.online = false;
    tab.fire('offline');
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    expect(events.state.status).toBe('polling');
  });
});

describe('resync', () => {
  /** A tab that records when it gets resync. */
  const watch = (tab = harness.browser.tab()) => {
    const client = harness.show({}, tab);
    const since: number[] = [];
    client.events.addEventListener('resync', (event) => since.push(event.since));
    return { ...client, since };
  };

  test('fires in a tab that comes back from the back/forward cache, when others handled events meanwhile', async () => {
    const other = harness.show();
    const { tab, since, shown } = watch();
    await harness.clock.advance(1_000);
    const left = harness.clock.now();
    tab.fire('pagehide');
    await harness.clock.advance(1_000);
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    tab.fire('pageshow');
    await harness.clock.advance(1_000);
    expect([other.shown, shown, since]).toEqual([['a'], [], [left]]);
    harness.sqs.send({ n: 2 }, 'b');
    await harness.clock.advance(1_000);
    expect(shown).toEqual(['b']);
  });

  test('fires in a tab that was loaded again', async () => {
    harness.show();
    const before = watch();
    await harness.clock.advance(1_000);
    const left = harness.clock.now();
    const reloaded = harness.browser.reload(before.tab);
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    const { since } = watch(reloaded);
    await harness.clock.advance(1_000);
    expect(since).toEqual([left]);
  });

  test('does not fire when nothing was missed: the events waited in the queue', async () => {
    const { tab, since, shown } = watch();
    await harness.clock.advance(1_000);
    tab.fire('pagehide');
    const id = harness.sqs.send({ n: 1 });
    await harness.clock.advance(1_000);
    tab.fire('pageshow');
    await harness.clock.advance(6_000);
    expect([shown, since]).toEqual([[id], []]);
  });
});

describe('a renewal that gives another queue', () => {
  test('takes all tabs there, and events go on in each of them', async () => {
    const sqsUrl = `${harness.sqs.url}-new`;
    const renew = (): Promise<typeof harness.session> => Promise.resolve({ ...harness.sqs.session(5 * 3_600), sqsUrl });
    const clients = Array.from({ length: 3 }, () => harness.show({ renew }));
    await harness.clock.advance(1_000);
    for (let n = 0; n < 3; n++) harness.sqs.faults.push(() => harness.sqs.refuse(400, 'QueueDoesNotExist', 'gone'));
    await harness.clock.advance(25_000);
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    for (const { events, shown } of clients) {
      expect([events.session.sqsUrl, shown]).toEqual([sqsUrl, ['a']]);
    }
    expect(clients.filter(({ events }) => events.leader)).toHaveLength(1);
    // A page that is loaded now, with the new session, meets them.
    const late = harness.show({ session: clients[0]?.events.session ?? harness.session });
    await harness.clock.advance(1_000);
    expect([...clients, late].filter(({ events }) => events.leader)).toHaveLength(1);
  });
});
