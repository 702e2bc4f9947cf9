import { afterEach, describe, expect, test } from '@jest/globals';
import { capacity, createSeenMessages, writtenCapacity } from '../../../client/browser/seen-messages.ts';
import { settle } from './fake-clock.ts';
import { ClientHarness } from './client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

test('a tab remembers 10,000 events that it showed', () => {
  const seen = createSeenMessages(harness.browser.tab().environment, () => 'q');
  const ids = Array.from({ length: capacity + 1 }, (_, n) => `e${n}`);
  for (const id of ids) seen.note(id, true, false);
  expect(capacity).toBe(10_000);
  expect(ids.filter((id) => seen.isNew({ id, text: '', sentAt: 0 }))).toEqual(['e0']);
});

test('a browser writes down 1,000 events, for the pages that are opened then', async () => {
  const { environment } = harness.browser.tab();
  const before = createSeenMessages(environment, () => 'q');
  const ids = Array.from({ length: writtenCapacity + 1 }, (_, n) => `e${n}`);
  for (const id of ids) before.note(id, true, true);
  await settle();
  const after = createSeenMessages(environment, () => 'q');
  expect(writtenCapacity).toBe(1_000);
  expect(ids.filter((id) => after.isNew({ id, text: '', sentAt: 0 }))).toEqual(['e0']);
});

describe('what was handled is written down', () => {
  test('once for all that handlers are done with at once', async () => {
    const { shown } = harness.show();
    await settle();
    for (let n = 0; n < 20; n++) harness.sqs.send({ n });
    await harness.clock.advance(3_000);
    expect(shown).toHaveLength(20);
    expect(harness.browser.writes).toBeLessThanOrEqual(4);
  });

  test('before the next handler waits for anything', async () => {
    const client = harness.open();
    client.events.addEventListener('message', ({ id }) => {
      client.shown.push(id);
      return id === 'b' ? new Promise(() => undefined) : undefined;
    });
    await settle();
    for (const id of ['a', 'b']) harness.sqs.send({}, id);
    await settle();
    client.tab.crash();
    const next = harness.show();
    await harness.clock.advance(10_000);
    expect([client.shown, next.shown]).toEqual([['a', 'b'], ['b']]);
  });
});
