import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../../client/browser/connect.ts';
import { settle } from '../fake-clock.ts';
import { named, ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

const networkError = new TypeError('Failed to fetch');

describe('a failed poll', () => {
  const failures = {
    network: () => networkError,
    server: () => harness.sqs.refuse(500, 'InternalFailure', 'We erred'),
    throttled: () => harness.sqs.refuse(403, 'RequestThrottled', 'Request is throttled.'),
    refused: () => harness.sqs.refuse(400, 'InvalidParameterValue', 'No'),
  };
  for (const [reason, fail] of Object.entries(failures)) {
    test(`waits with reason ${reason} and goes on`, async () => {
      const { events, states, shown } = harness.show();
      harness.sqs.faults.push(fail, fail);
      await harness.clock.advance(50);
      expect(events.state).toMatchObject({ status: 'waiting', reason, attempt: 1 });
      expect(events.state).toHaveProperty('until', harness.clock.now() + 50);
      await harness.clock.advance(1_000);
      expect(states.map(named)).toEqual([
        'connecting/starting',
        `waiting/${reason}`,
        `waiting/${reason}`,
        'polling/listening',
      ]);
      harness.sqs.send({ n: 1 }, 'a');
      await settle();
      expect(shown).toEqual(['a']);
    });
  }

  test('has the reason offline when the browser is offline, and is tried again when it comes online', async () => {
    const { events, tab } = harness.show({ retry: () => 60_000 });
    tab.online = false;
    harness.sqs.faults.push(() => networkError);
    await settle();
    expect(events.state).toMatchObject({ reason: 'offline', remedy: 'Check the network.' });
    tab.online = true;
    tab.fire('online');
    await settle();
    expect(events.state.status).toBe('polling');
  });

  test('is known by the name of its error, whatever its status and its words', async () => {
    const answers = {
      'throttled OverLimit': harness.sqs.refuse(403, 'OverLimit', 'Too many Token in flight'),
      'throttled ThrottlingException': harness.sqs.refuse(400, 'ThrottlingException', 'Rate exceeded'),
      'throttled 429': new Response('', { status: 429 }),
      'refused a proxy': new Response('<html>Forbidden: Signature Security</html>', { status: 403 }),
      'server 503': harness.sqs.refuse(503, 'ServiceUnavailable', 'Access Denied'),
    };
    for (const [name, answer] of Object.entries(answers)) {
      const other = new ClientHarness();
      const { events } = other.show({ retry: () => 10_000 });
      other.sqs.faults.push(() => answer);
      await other.clock.advance(100);
      expect([name, events.state.reason]).toEqual([name, name.split(' ')[0]]);
      expect(other.renewals).toBe(0);
      await other.close();
    }
  });

  test('never has the session token in its detail', async () => {
    const { events } = harness.show({ retry: () => 10_000 });
    const text = `The Canonical String should have been x-amz-security-token:${harness.session.sessionToken}`;
    harness.sqs.faults.push(() => harness.sqs.refuse(400, 'InvalidParameterValue', text));
    await harness.clock.advance(100);
    expect(events.state).toHaveProperty('detail', expect.stringContaining('x-amz-security-token:…'));
    expect(JSON.stringify(events.state)).not.toContain(harness.session.sessionToken);
  });

  test('for a page instead of an answer counts as the network', async () => {
    const { events } = harness.show();
    harness.sqs.faults.push(() => new Response('<html>Log in to the hotel</html>'));
    await settle();
    expect(events.state.reason).toBe('network');
  });
});

describe('polling', () => {
  test('gives up a poll that is not answered five seconds after its wait', async () => {
    const { events } = harness.show();
    harness.sqs.faults.push(
      () => undefined,
      () => 'hangs',
    );
    await harness.clock.advance(24_900);
    expect(harness.sqs.count('ReceiveMessage')).toBe(2);
    await harness.clock.advance(1_000);
    expect(harness.sqs.count('ReceiveMessage')).toBe(4);
    expect(events.state.status).toBe('polling');
  });

  test('asks at most once a second when the queue does not wait', async () => {
    harness.show({ waitTime: 0 });
    await harness.clock.advance(60_000);
    expect(harness.sqs.count('ReceiveMessage')).toBeLessThanOrEqual(62);
  });

  test('that is idle costs three requests a minute', async () => {
    harness.show();
    await harness.clock.advance(60_000);
    harness.sqs.calls.length = 0;
    await harness.clock.advance(10 * 60_000);
    expect(harness.sqs.calls).toHaveLength(30);
    expect(harness.sqs.mostPolls).toBe(1);
  });
});

test('works alone where there are neither tabs nor a page', async () => {
  const { setTimeout, clearTimeout } = harness.clock;
  const environment = { fetch: harness.sqs.fetch, setTimeout, clearTimeout, Date: harness.clock };
  const events = connect({ session: harness.session, renew: harness.renew, environment });
  const shown: string[] = [];
  events.addEventListener('message', ({ id }) => shown.push(id));
  harness.sqs.send({ n: 1 }, 'a');
  await harness.clock.advance(1_000);
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
    'sqs.eusc-de-east-1.amazonaws.eu',
    'sqs.us-isob-east-1.sc2s.sgov.gov',
    'sqs.eu-isoe-west-1.cloud.adc-e.uk',
    'sqs-fips.us-east-2.amazonaws.com',
    'vpce-0a1b2c3d-x1y2z3.sqs.ap-south-2.vpce.amazonaws.com',
    'sqs.ca-central-1.api.aws',
    'sqs.eu-west-1.amazonaws.com',
    'eu-central-1.queue.amazonaws.com',
    'sqs.us-gov-west-1.amazonaws.com',
    'sqs.cn-north-1.amazonaws.com.cn',
    'queue.amazonaws.com',
    '127.0.0.1:4000',
  ];
  for (const host of hosts) {
    const session = { ...harness.session, sqsUrl: `https://${host}/0/q` };
    const { setTimeout, clearTimeout } = harness.clock;
    const environment = { fetch, setTimeout, clearTimeout, Date: harness.clock };
    const events = connect({ session, renew: harness.renew, environment, waitTime: 0 });
    events.addEventListener('message', () => undefined);
    await settle();
    await events.close();
  }
  expect([...new Set(scopes)]).toEqual([
    ...['eusc-de-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-east-2', 'ap-south-2', 'ca-central-1'],
    ...['eu-west-1', 'eu-central-1', 'us-gov-west-1', 'cn-north-1', 'us-east-1'],
  ]);
});
