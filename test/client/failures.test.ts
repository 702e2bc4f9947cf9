import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../client/browser/connect.ts';
import { settle } from './fake-clock.ts';
import { named, World } from './world.ts';

let world = new World();

afterEach(async () => {
  await world.close();
  world = new World();
});

const networkError = new TypeError('Failed to fetch');

describe('a failed poll', () => {
  const failures = {
    network: () => networkError,
    server: () => world.sqs.refuse(500, 'InternalFailure', 'We erred'),
    throttled: () => world.sqs.refuse(429, 'RequestThrottled', 'Slow down'),
    refused: () => world.sqs.refuse(400, 'InvalidParameterValue', 'No'),
  };
  for (const [reason, fail] of Object.entries(failures)) {
    test(`waits with reason ${reason} and goes on`, async () => {
      const { events, states, shown } = world.show();
      world.sqs.faults.push(fail, fail);
      await world.clock.advance(50);
      expect(events.state).toMatchObject({ status: 'waiting', reason, attempt: 1 });
      expect(events.state).toHaveProperty('until', world.clock.now() + 50);
      await world.clock.advance(1_000);
      expect(states.map(named)).toEqual([
        'connecting/starting',
        `waiting/${reason}`,
        `waiting/${reason}`,
        'polling/listening',
      ]);
      world.sqs.send({ n: 1 }, 'a');
      await settle();
      expect(shown).toEqual(['a']);
    });
  }

  test('is told apart when the browser is offline, and tried again when it comes online', async () => {
    const { events, tab } = world.show({ retry: () => 60_000 });
    tab.online = false;
    world.sqs.faults.push(() => networkError);
    await settle();
    expect(events.state).toMatchObject({ reason: 'offline', remedy: 'Check the network.' });
    tab.online = true;
    tab.fire('online');
    await settle();
    expect(events.state.status).toBe('polling');
  });

  test('for a page instead of an answer counts as the network', async () => {
    const { events } = world.show();
    world.sqs.faults.push(() => new Response('<html>Log in to the hotel</html>'));
    await settle();
    expect(events.state.reason).toBe('network');
  });
});

describe('polling', () => {
  test('gives up a poll that is not answered five seconds after its wait', async () => {
    const { events } = world.show();
    world.sqs.faults.push(
      () => undefined,
      () => 'hangs',
    );
    await world.clock.advance(24_900);
    expect(world.sqs.count('ReceiveMessage')).toBe(2);
    await world.clock.advance(1_000);
    expect(world.sqs.count('ReceiveMessage')).toBe(4);
    expect(events.state.status).toBe('polling');
  });

  test('asks at most once a second when the queue does not wait', async () => {
    world.show({ waitTime: 0 });
    await world.clock.advance(60_000);
    expect(world.sqs.count('ReceiveMessage')).toBeLessThanOrEqual(62);
  });

  test('that is idle costs three requests a minute', async () => {
    world.show();
    await world.clock.advance(60_000);
    world.sqs.calls.length = 0;
    await world.clock.advance(10 * 60_000);
    expect(world.sqs.calls).toHaveLength(30);
    expect(world.sqs.mostPolls).toBe(1);
  });
});

test('works alone where there are neither tabs nor a page', async () => {
  const { setTimeout, clearTimeout } = world.clock;
  const environment = { fetch: world.sqs.fetch, setTimeout, clearTimeout, Date: world.clock };
  const events = connect({ session: world.session, renew: world.renew, environment });
  const shown: string[] = [];
  events.addEventListener('message', ({ id }) => shown.push(id));
  world.sqs.send({ n: 1 }, 'a');
  await world.clock.advance(1_000);
  expect([shown, events.leader]).toEqual([['a'], true]);
  await events.close();
});

test('reads the region from the queue, from the option, and else takes us-east-1', async () => {
  const scopes: string[] = [];
  const fetch = (_: string, { headers }: RequestInit): Promise<Response> => {
    scopes.push(/Credential=\w+\/\d+\/([^/]+)/.exec(new Headers(headers).get('authorization') ?? '')?.[1] ?? '');
    return Promise.resolve(Response.json({}));
  };
  const hosts = [
    'sqs.eu-west-1.amazonaws.com',
    'eu-central-1.queue.amazonaws.com',
    'sqs.us-gov-west-1.amazonaws.com',
    'sqs.cn-north-1.amazonaws.com.cn',
    'queue.amazonaws.com',
    '127.0.0.1:4000',
  ];
  for (const host of hosts) {
    const session = { ...world.session, sqsUrl: `https://${host}/0/q` };
    const { setTimeout, clearTimeout } = world.clock;
    const environment = { fetch, setTimeout, clearTimeout, Date: world.clock };
    const events = connect({ session, renew: world.renew, environment, waitTime: 0 });
    events.addEventListener('message', () => undefined);
    await settle();
    await events.close();
  }
  expect(new Set(scopes)).toEqual(new Set(['eu-west-1', 'eu-central-1', 'us-gov-west-1', 'cn-north-1', 'us-east-1']));
});
