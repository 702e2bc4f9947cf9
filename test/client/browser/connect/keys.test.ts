import { afterEach, describe, expect, test } from '@jest/globals';
import type { Session } from '../../../../client/browser/connect.ts';
import { settle } from '../fake-clock.ts';
import { named, World } from '../world.ts';

const minute = 60_000;
const hour = 60 * minute;

let world = new World();

afterEach(async () => {
  await world.close();
  world = new World();
});

const lastKey = (): string | undefined => world.sqs.calls.at(-1)?.accessKey;

describe('keys that will expire', () => {
  test('are renewed in the last fifth of their life, and polling goes on with the new ones', async () => {
    const { states } = world.show({ share: false });
    await world.clock.advance(3.2 * hour - 2 * minute);
    expect(world.renewals).toBe(0);
    await world.clock.advance(0.4 * hour + 4 * minute);
    expect(world.renewals).toBe(1);
    expect(lastKey()).not.toBe(world.session.accessKey);
    expect(states.map(named)).toEqual([
      'connecting/starting',
      'polling/listening',
      'renewing/expiring',
      'connecting/resumed',
      'polling/listening',
    ]);
  });

  test('are renewed at times that differ from client to client', async () => {
    const times = new Set<number>();
    for (let n = 0; n < 10; n++) {
      const other = new World();
      const renew = (): Promise<Session> => {
        times.add(Math.floor(other.clock.time / minute));
        return other.renew();
      };
      other.show({ share: false, renew, poll: () => false });
      await other.clock.advance(3.7 * hour);
      await other.close();
    }
    expect(times.size).toBeGreaterThan(3);
  });

  test('are renewed while polling is paused, so that the session stays', async () => {
    const { events } = world.show({ share: false, poll: () => false });
    await world.clock.advance(12 * hour);
    expect(world.sqs.calls).toEqual([]);
    expect(world.renewals).toBeGreaterThanOrEqual(3);
    expect(events.state.status).toBe('paused');
  });

  test('go on to be used while the backend cannot renew them', async () => {
    const renew = (): Promise<Session> => Promise.reject(new Error('backend down'));
    const { shown, events } = world.show({ share: false, renew });
    await world.clock.advance(3.8 * hour);
    expect(events.state.status).toBe('polling');
    world.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    await world.clock.advance(0.5 * hour);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'renew-failed', detail: 'Error: backend down' });
  });
});

describe('keys that are refused', () => {
  test('are renewed at once', async () => {
    const { events, shown, states } = world.show({ share: false });
    await settle();
    world.sqs.revoke();
    await world.clock.advance(21_000);
    expect(world.renewals).toBe(1);
    world.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    expect(events.session.accessKey).toBe(lastKey());
    expect(states.map(named)).toContain('renewing/keys-refused');
  });

  test('again and again are renewed with growing pauses', async () => {
    const renew = (): Promise<Session> => {
      world.renewals++;
      const session = world.sqs.session();
      world.sqs.revoke();
      return Promise.resolve(session);
    };
    const { events } = world.show({ share: false, renew });
    await settle();
    world.sqs.revoke();
    await world.clock.advance(60_000);
    expect(world.renewals).toBeLessThan(40);
    expect(events.state.reason).toBe('refused');
  });

  test('are renewed by one call at a time', async () => {
    const slow = Promise.withResolvers<Session>();
    const renew = (): Promise<Session> => {
      world.renewals++;
      return slow.promise;
    };
    world.show({ share: false, renew });
    await settle();
    world.sqs.revoke();
    await world.clock.advance(45_000);
    expect(world.renewals).toBe(1);
    slow.resolve(world.sqs.session());
    await world.clock.advance(1_000);
    expect(world.renewals).toBe(1);
  });

  test('are asked for again when renew() never answers', async () => {
    const renew = (): Promise<Session> => {
      world.renewals++;
      return new Promise(() => undefined);
    };
    const { states } = world.show({ share: false, renew });
    world.sqs.revoke();
    await world.clock.advance(70_000);
    expect(world.renewals).toBe(3);
    expect(states.at(-2)).toMatchObject({ reason: 'renew-failed', detail: 'Error: renew() gave nothing in time' });
  });
});

describe('a wrong clock', () => {
  for (const [name, ahead] of [
    ['slow', 5 * hour],
    ['fast', -5 * hour],
  ] as const) {
    test(`that is ${name} is corrected by the Date header of the refusal`, async () => {
      world = new World();
      world.sqs.ahead = ahead;
      const { shown } = world.show({ share: false, session: world.sqs.session() });
      world.sqs.send({ n: 1 }, 'a');
      await world.clock.advance(1_000);
      expect(shown).toEqual(['a']);
      expect(world.renewals).toBe(0);
      await world.clock.advance(3 * hour);
      expect(world.renewals).toBe(0);
      await world.clock.advance(0.7 * hour);
      expect(world.renewals).toBe(1);
    });
  }

  test('that is set right later is corrected again', async () => {
    const { events } = world.show({ share: false });
    await settle();
    world.sqs.ahead = -2 * hour;
    await world.clock.advance(25_000);
    expect(events.state.status).toBe('polling');
  });
});

describe('waking up', () => {
  test('finds expired keys, renews them, and shows what waited', async () => {
    const { shown, tab } = world.show({ share: false });
    await settle();
    world.clock.sleep(10 * hour);
    world.sqs.send({ n: 1 }, 'a');
    world.sqs.revoke();
    tab.fire('visibilitychange');
    await world.clock.advance(6_000);
    expect(world.renewals).toBe(1);
    expect(shown).toEqual(['a']);
  });

  test('gives up the poll from before within five seconds', async () => {
    const { events } = world.show({ share: false });
    await settle();
    world.sqs.faults.push(() => undefined);
    world.sqs.polls.clear();
    world.clock.sleep(hour);
    const before = world.sqs.count('ReceiveMessage');
    await world.clock.advance(6_000);
    expect(world.sqs.count('ReceiveMessage')).toBeGreaterThan(before);
    expect(events.state.status).toBe('polling');
  });
});

describe('a session that is gone', () => {
  const answers = {
    'a rejection with status 404': () => Promise.reject(Object.assign(new Error('no'), { status: 404 })),
    'a rejection named SessionNotFound': () =>
      Promise.reject(Object.assign(new Error('no'), { name: 'SessionNotFound' })),
    'an answer that says SessionNotFound': () => Promise.resolve({ error: 'SessionNotFound', message: 'No session' }),
  };
  for (const [name, answer] of Object.entries(answers)) {
    test(`ends the connection on ${name}`, async () => {
      const { events } = world.show({ share: false, renew: answer as () => Promise<Session> });
      world.sqs.revoke();
      await world.clock.advance(2_000);
      expect(events.state).toMatchObject({ status: 'ended', reason: 'session-gone', remedy: expect.any(String) });
      const calls = world.sqs.calls.length;
      await world.clock.advance(hour);
      expect(world.sqs.calls).toHaveLength(calls);
    });
  }

  test('ends the connection when the queue is gone and so is the session', async () => {
    const renew = (): Promise<Session> => Promise.reject(Object.assign(new Error('Gone'), { status: 404 }));
    const { events } = world.show({ share: false, renew });
    await settle();
    world.sqs.gone = true;
    await world.clock.advance(30_000);
    expect(events.state).toMatchObject({ status: 'ended', reason: 'session-gone' });
  });

  test('is not concluded from a queue that stays away while the backend renews', async () => {
    const { events, shown } = world.show({ share: false });
    await settle();
    world.sqs.gone = true;
    await world.clock.advance(150_000);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'no-queue' });
    expect(world.renewals).toBeGreaterThanOrEqual(2);
    expect(world.renewals).toBeLessThanOrEqual(4);
    world.sqs.gone = false;
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(60_000);
    expect(shown).toEqual(['a']);
  });

  test('is not concluded from a queue that is not there yet, and the backend is not asked', async () => {
    world.sqs.gone = true;
    const { events } = world.show({ share: false });
    await world.clock.advance(200);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'no-queue' });
    world.sqs.gone = false;
    await world.clock.advance(2_000);
    expect(events.state.status).toBe('polling');
    expect(world.renewals).toBe(0);
  });

  test('is left for the one the backend made anew', async () => {
    const { shown } = world.show({
      renew: () => Promise.resolve({ ...world.sqs.session(), sqsUrl: `${world.sqs.url}1` }),
    });
    await settle();
    for (let n = 0; n < 3; n++) world.sqs.faults.push(() => world.sqs.refuse(400, 'QueueDoesNotExist', 'gone'));
    await world.clock.advance(22_000);
    world.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    expect(world.sqs.calls.at(-1)?.parameters['QueueUrl']).toBe(`${world.sqs.url}1`);
  });

  test('is not an answer that is no session, which never replaces a good one', async () => {
    const answers: unknown[] = [
      null,
      {},
      { sqsUrl: 'q' },
      { ...world.session, secretKey: '' },
      { ...world.session, expires: 'soon' },
    ];
    const named = ['sqsUrl', 'sqsUrl', 'sqsUrl', 'secretKey', 'expires'];
    for (const [index, answer] of answers.entries()) {
      const other = new World();
      const { events } = other.show({ share: false, renew: () => Promise.resolve(answer as Session) });
      other.sqs.revoke();
      await other.clock.advance(1_000);
      expect(events.state).toMatchObject({ reason: 'renew-failed' });
      expect(events.state).toHaveProperty(
        'detail',
        expect.stringContaining(`renew()'s answer.${named[index] ?? ''} must be`),
      );
      expect(events.session).toEqual(other.session);
      await other.close();
    }
  });
});
