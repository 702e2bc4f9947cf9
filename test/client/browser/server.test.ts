import { expect, test } from '@jest/globals';
import { connect } from '../../../client/browser/server.ts';
import { typed } from '../../../client/browser/typed.ts';
import { settle } from './fake-clock.ts';
import { ClientHarness } from './client-harness.ts';

test('on a server connect() takes no event, sends nothing and leaves no timer', async () => {
  const { session, renew } = new ClientHarness();
  const requests: unknown[] = [];
  const { fetch: realFetch, setTimeout: realTimeout } = globalThis;
  globalThis.fetch = (...request) => {
    requests.push(request);
    return Promise.reject(new Error('no network'));
  };
  const timers: unknown[] = [];
  globalThis.setTimeout = Object.assign((...timer: unknown[]) => timers.push(timer), realTimeout) as typeof setTimeout;
  try {
    const events = connect({ session, renew });
    events.addEventListener('message', () => undefined);
    typed(events).on('invoice.paid', () => undefined);
    await settle();
    expect(events.state).toMatchObject({ status: 'paused', reason: 'no-page' });
    await events.close();
    expect(events.state.status).toBe('ended');
  } finally {
    Object.assign(globalThis, { fetch: realFetch, setTimeout: realTimeout });
  }
  expect([requests, timers]).toEqual([[], []]);
});

test('on a server connect() works for a program that gives its environment', async () => {
  const harness = new ClientHarness();
  const { setTimeout, clearTimeout } = harness.clock;
  const environment = { fetch: harness.sqs.fetch, setTimeout, clearTimeout, Date: harness.clock };
  const events = connect({ session: harness.session, renew: harness.renew, environment });
  const shown: string[] = [];
  events.addEventListener('message', ({ id }) => shown.push(id));
  harness.sqs.send({ n: 1 }, 'a');
  await harness.clock.advance(1_000);
  expect(shown).toEqual(['a']);
  await events.close();
});
