import { afterEach, describe, expect, test } from '@jest/globals';
import type { Session } from '../../../../client/browser/connect.ts';
import { settle } from '../fake-clock.ts';
import { named, ClientHarness } from '../client-harness.ts';

const minute = 60_000;
const hour = 60 * minute;

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

const lastKey = (): string | undefined => harness.sqs.calls.at(-1)?.accessKey;

describe('keys that will expire', () => {
  test('are renewed in the last fifth of their life, and polling goes on with the new ones', async () => {
    const { states } = harness.show({ share: false });
    await harness.clock.advance(3.2 * hour - 2 * minute);
    expect(harness.renewals).toBe(0);
    await harness.clock.advance(0.4 * hour + 4 * minute);
    expect(harness.renewals).toBe(1);
    expect(lastKey()).not.toBe(harness.session.accessKey);
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
      const other = new ClientHarness();
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
    const { events } = harness.show({ share: false, poll: () => false });
    await harness.clock.advance(12 * hour);
    expect(harness.sqs.calls).toEqual([]);
    expect(harness.renewals).toBeGreaterThanOrEqual(3);
    expect(events.state.status).toBe('paused');
  });

  test('go on to be used while the backend cannot renew them', async () => {
    const renew = (): Promise<Session> => Promise.reject(new Error('backend down'));
    const { shown, events } = harness.show({ share: false, renew });
    await harness.clock.advance(3.8 * hour);
    expect(events.state.status).toBe('polling');
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    await harness.clock.advance(0.5 * hour);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'renew-failed', detail: 'Error: backend down' });
  });
});

describe('keys that are refused', () => {
  test('are renewed at once', async () => {
    const { events, shown, states } = harness.show({ share: false });
    await settle();
    harness.sqs.revoke();
    await harness.clock.advance(21_000);
    expect(harness.renewals).toBe(1);
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    expect(events.session.accessKey).toBe(lastKey());
    expect(states.map(named)).toContain('renewing/keys-refused');
  });

  test('again and again are renewed with growing pauses', async () => {
    const renew = (): Promise<Session> => {
      harness.renewals++;
      const session = harness.sqs.session();
      harness.sqs.revoke();
      return Promise.resolve(session);
    };
    const { events } = harness.show({ share: false, renew });
    await settle();
    harness.sqs.revoke();
    await harness.clock.advance(60_000);
    expect(harness.renewals).toBeLessThan(40);
    expect(events.state.reason).toBe('refused');
  });

  test('are renewed by one call at a time', async () => {
    const slow = Promise.withResolvers<Session>();
    const renew = (): Promise<Session> => {
      harness.renewals++;
      return slow.promise;
    };
    harness.show({ share: false, renew });
    await settle();
    harness.sqs.revoke();
    await harness.clock.advance(45_000);
    expect(harness.renewals).toBe(1);
    slow.resolve(harness.sqs.session());
    await harness.clock.advance(1_000);
    expect(harness.renewals).toBe(1);
  });

  test('are asked for again when renew() never answers', async () => {
    const renew = (): Promise<Session> => {
      harness.renewals++;
      return new Promise(() => undefined);
    };
    const { states } = harness.show({ share: false, renew });
    harness.sqs.revoke();
    await harness.clock.advance(70_000);
    expect(harness.renewals).toBe(3);
    expect(states.at(-2)).toMatchObject({ reason: 'renew-failed', detail: 'Error: renew() gave nothing in time' });
  });
});

describe('a wrong clock', () => {
  for (const [name, ahead] of [
    ['slow', 5 * hour],
    ['fast', -5 * hour],
  ] as const) {
    test(`that is ${name} is corrected by the Date header of the refusal`, async () => {
      harness = new ClientHarness();
      harness.sqs.ahead = ahead;
      const { shown } = harness.show({ share: false, session: harness.sqs.session() });
      harness.sqs.send({ n: 1 }, 'a');
      await harness.clock.advance(1_000);
      expect(shown).toEqual(['a']);
      expect(harness.renewals).toBe(0);
      await harness.clock.advance(3 * hour);
      expect(harness.renewals).toBe(0);
      await harness.clock.advance(0.7 * hour);
      expect(harness.renewals).toBe(1);
    });
  }

  test('that is set right later is corrected again', async () => {
    const { events } = harness.show({ share: false });
    await settle();
    harness.sqs.ahead = -2 * hour;
    await harness.clock.advance(25_000);
    expect(events.state.status).toBe('polling');
  });
});

describe('waking up', () => {
  test('finds expired keys, renews them, and shows what waited', async () => {
    const { shown, tab } = harness.show({ share: false });
    await settle();
    harness.clock.sleep(10 * hour);
    harness.sqs.send({ n: 1 }, 'a');
    harness.sqs.revoke();
    tab.fire('visibilitychange');
    await harness.clock.advance(6_000);
    expect(harness.renewals).toBe(1);
    expect(shown).toEqual(['a']);
  });

  test('gives up the poll from before within five seconds', async () => {
    const { events } = harness.show({ share: false });
    await settle();
    harness.sqs.faults.push(() => undefined);
    harness.sqs.polls.clear();
    harness.clock.sleep(hour);
    const before = harness.sqs.count('ReceiveMessage');
    await harness.clock.advance(6_000);
    expect(harness.sqs.count('ReceiveMessage')).toBeGreaterThan(before);
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
      const { events } = harness.show({ share: false, renew: answer as () => Promise<Session> });
      harness.sqs.revoke();
      await harness.clock.advance(2_000);
      expect(events.state).toMatchObject({ status: 'ended', reason: 'session-gone', remedy: expect.any(String) });
      const calls = harness.sqs.calls.length;
      await harness.clock.advance(hour);
      expect(harness.sqs.calls).toHaveLength(calls);
    });
  }

  test('ends the connection when the queue is gone and so is the session', async () => {
    const renew = (): Promise<Session> => Promise.reject(Object.assign(new Error('Gone'), { status: 404 }));
    const { events } = harness.show({ share: false, renew });
    await settle();
    harness.sqs.gone = true;
    await harness.clock.advance(30_000);
    expect(events.state).toMatchObject({ status: 'ended', reason: 'session-gone' });
  });

  test('is not concluded from a queue that stays away while the backend renews', async () => {
    const { events, shown } = harness.show({ share: false });
    await settle();
    harness.sqs.gone = true;
    await harness.clock.advance(150_000);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'no-queue' });
    expect(harness.renewals).toBeGreaterThanOrEqual(2);
    expect(harness.renewals).toBeLessThanOrEqual(4);
    harness.sqs.gone = false;
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(60_000);
    expect(shown).toEqual(['a']);
  });

  test('is not concluded from a queue that is not there yet, and the backend is not asked', async () => {
    harness.sqs.gone = true;
    const { events } = harness.show({ share: false });
    await harness.clock.advance(200);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'no-queue' });
    harness.sqs.gone = false;
    await harness.clock.advance(2_000);
    expect(events.state.status).toBe('polling');
    expect(harness.renewals).toBe(0);
  });

  test('is left for the one the backend made anew', async () => {
    const { shown } = harness.show({
      renew: () => Promise.resolve({ ...harness.sqs.session(), sqsUrl: `${harness.sqs.url}1` }),
    });
    await settle();
    for (let n = 0; n < 3; n++) harness.sqs.faults.push(() => harness.sqs.refuse(400, 'QueueDoesNotExist', 'gone'));
    await harness.clock.advance(22_000);
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
    expect(harness.sqs.calls.at(-1)?.parameters['QueueUrl']).toBe(`${harness.sqs.url}1`);
  });

  test('is not an answer that is no session, which never replaces a good one', async () => {
    const answers: unknown[] = [
      null,
      {},
      { sqsUrl: 'q' },
      { ...harness.session, secretKey: '' },
      { ...harness.session, expires: 'soon' },
    ];
    const named = ['sqsUrl', 'sqsUrl', 'sqsUrl', 'secretKey', 'expires'];
    for (const [index, answer] of answers.entries()) {
      const other = new ClientHarness();
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
