import { afterEach, describe, expect, test } from '@jest/globals';
import { settle } from '../fake-clock.ts';
import { named, World } from '../world.ts';

let world = new World();

afterEach(async () => {
  await world.close();
  world = new World();
});

describe('close() and connect() again in one page', () => {
  test('goes on with the poll that is open, as often as it happens', async () => {
    const tab = world.browser.tab();
    let client = world.show({}, tab);
    for (let turn = 0; turn < 4; turn++) {
      await world.clock.advance(1_500);
      void client.events.close();
      client = world.show({}, tab);
    }
    await world.clock.advance(1_500);
    expect(world.sqs.polls.size).toBe(1);
    expect(world.sqs.mostPolls).toBe(1);
    expect(client.events.state.status).toBe('polling');
  });

  test('shows every event once, in order', async () => {
    const tab = world.browser.tab();
    const first = world.show({}, tab);
    await world.clock.advance(1_500);
    void first.events.close();
    const { shown } = world.show({}, tab);
    await world.clock.advance(1_500);
    const ids = Array.from({ length: 25 }, (_, n) => world.sqs.send({ n }));
    await world.clock.advance(5_000);
    expect(shown).toEqual(ids);
    expect(world.sqs.count('ChangeMessageVisibilityBatch')).toBe(0);
  });

  test('has nothing to go on with when the queue is another one', async () => {
    const tab = world.browser.tab();
    const first = world.show({}, tab);
    await world.clock.advance(1_500);
    void first.events.close();
    world.show({ session: { ...world.session, sqsUrl: `${world.sqs.url}-other` } }, tab);
    await world.clock.advance(1_500);
    expect(world.sqs.calls.at(-1)?.parameters['QueueUrl']).toBe(`${world.sqs.url}-other`);
  });
});

describe('close()', () => {
  test('resolves within seconds although SQS does not answer', async () => {
    const { events } = world.show();
    world.sqs.send({ n: 1 });
    await settle();
    world.sqs.faults.push(...Array.from({ length: 20 }, () => () => 'hangs' as const));
    let isClosed = false;
    void events.close().then(() => (isClosed = true));
    await world.clock.advance(6_000);
    expect(isClosed).toBe(true);
    await world.clock.advance(60_000);
    expect(world.clock.pending).toBe(0);
  });
});

describe('an offline browser', () => {
  test('is known at once, and so is its return', async () => {
    const { events, states, tab } = world.show();
    await world.clock.advance(3_000);
    tab.online = false;
    tab.fire('offline');
    await settle();
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'offline', remedy: 'Check the network.' });
    world.sqs.polls.clear();
    world.sqs.send({ n: 1 });
    await world.clock.advance(60);
    tab.online = true;
    tab.fire('online');
    await world.clock.advance(100);
    expect(states.map(named).slice(-2)).toEqual(['connecting/resumed', 'polling/listening']);
  });

  test('that only says so does not keep events away', async () => {
    const { events, shown, tab } = world.show();
    await settle();
    tab.online = false;
    tab.fire('offline');
    world.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    expect(events.state.status).toBe('polling');
  });
});

describe('resync', () => {
  /** A tab that records when it gets resync. */
  const watch = (tab = world.browser.tab()) => {
    const client = world.show({}, tab);
    const since: number[] = [];
    client.events.addEventListener('resync', (event) => since.push(event.since));
    return { ...client, since };
  };

  test('fires in a tab that comes back from the back/forward cache, when others handled events meanwhile', async () => {
    const other = world.show();
    const { tab, since, shown } = watch();
    await world.clock.advance(1_000);
    const left = world.clock.now();
    tab.fire('pagehide');
    await world.clock.advance(1_000);
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(1_000);
    tab.fire('pageshow');
    await world.clock.advance(1_000);
    expect([other.shown, shown, since]).toEqual([['a'], [], [left]]);
    world.sqs.send({ n: 2 }, 'b');
    await world.clock.advance(1_000);
    expect(shown).toEqual(['b']);
  });

  test('fires in a tab that was loaded again', async () => {
    world.show();
    const before = watch();
    await world.clock.advance(1_000);
    const left = world.clock.now();
    const reloaded = world.browser.reload(before.tab);
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(1_000);
    const { since } = watch(reloaded);
    await world.clock.advance(1_000);
    expect(since).toEqual([left]);
  });

  test('does not fire when nothing was missed: the events waited in the queue', async () => {
    const { tab, since, shown } = watch();
    await world.clock.advance(1_000);
    tab.fire('pagehide');
    const id = world.sqs.send({ n: 1 });
    await world.clock.advance(1_000);
    tab.fire('pageshow');
    await world.clock.advance(6_000);
    expect([shown, since]).toEqual([[id], []]);
  });
});

describe('a renewal that gives another queue', () => {
  test('takes all tabs there, and events go on in each of them', async () => {
    const sqsUrl = `${world.sqs.url}-new`;
    const renew = (): Promise<typeof world.session> => Promise.resolve({ ...world.sqs.session(5 * 3_600), sqsUrl });
    const clients = Array.from({ length: 3 }, () => world.show({ renew }));
    await world.clock.advance(1_000);
    for (let n = 0; n < 3; n++) world.sqs.faults.push(() => world.sqs.refuse(400, 'QueueDoesNotExist', 'gone'));
    await world.clock.advance(25_000);
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(1_000);
    for (const { events, shown } of clients) {
      expect([events.session.sqsUrl, shown]).toEqual([sqsUrl, ['a']]);
    }
    expect(clients.filter(({ events }) => events.leader)).toHaveLength(1);
    // A page that is loaded now, with the new session, meets them.
    const late = world.show({ session: clients[0]?.events.session ?? world.session });
    await world.clock.advance(1_000);
    expect([...clients, late].filter(({ events }) => events.leader)).toHaveLength(1);
  });
});
