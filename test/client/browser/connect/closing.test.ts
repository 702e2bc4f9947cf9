import { afterEach, describe, expect, test } from '@jest/globals';
import { settle } from '../fake-clock.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

const sendMany = (count: number): string[] => Array.from({ length: count }, (_, n) => harness.sqs.send({ n }));

describe('a closing page', () => {
  test('gives back what it did not handle, at once and past its end', async () => {
    const { events, tab } = harness.open();
    events.addEventListener('message', () => new Promise(() => undefined));
    sendMany(3);
    await settle();
    tab.leave();
    const call = harness.sqs.calls.at(-1);
    expect(call).toMatchObject({ action: 'ChangeMessageVisibilityBatch', keepalive: true });
    await settle();
    const { shown } = harness.show();
    await settle();
    expect(shown).toHaveLength(3);
  });

  test('sends the deletes that wait', async () => {
    const { tab } = harness.show();
    sendMany(3);
    await settle();
    tab.leave();
    await settle();
    expect(harness.sqs.stored).toEqual([]);
  });

  test('that is shown again goes on', async () => {
    const { shown, tab } = harness.show();
    await settle();
    tab.fire('pagehide');
    await settle();
    expect(harness.sqs.polls.size).toBe(0);
    const ids = sendMany(2);
    tab.fire('pageshow');
    await settle();
    expect(shown).toEqual(ids);
  });
});

describe('close', () => {
  test('lets the handler that runs finish, and gives back the rest', async () => {
    const { events } = harness.open();
    const handler = Promise.withResolvers<undefined>();
    events.addEventListener('message', () => handler.promise);
    const [, second] = sendMany(2);
    await settle();
    const closed = events.close();
    handler.resolve(undefined);
    await closed;
    await settle();
    expect(harness.sqs.stored.map(({ MessageId, visibleAt }) => [MessageId, visibleAt])).toEqual([
      [`sqs-${second ?? ''}`, harness.clock.now()],
    ]);
    expect(events.state).toEqual({ status: 'ended', reason: 'closed' });
  });

  test('does not wait longer than a second', async () => {
    const { events } = harness.open();
    events.addEventListener('message', () => new Promise(() => undefined));
    sendMany(1);
    await settle();
    const closed = events.close();
    await harness.clock.advance(1_000);
    await closed;
    expect(harness.sqs.stored[0]?.visibleAt).toBe(harness.clock.now());
  });

  test('is what an abort signal does, also one that aborted before', async () => {
    const abort = new AbortController();
    const { events } = harness.show({ signal: abort.signal });
    await settle();
    abort.abort();
    await settle();
    expect(events.state).toEqual({ status: 'ended', reason: 'closed' });
    expect(harness.show({ signal: AbortSignal.abort() }).events.state.status).toBe('ended');
  });

  test('does not abort the poll that may hold messages, but gives back what it brings', async () => {
    const { events, shown } = harness.show();
    await settle();
    await Promise.all([events.close(), harness.clock.advance(1_000)]);
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual([]);
    expect(harness.sqs.calls.at(-1)).toMatchObject({ action: 'ChangeMessageVisibilityBatch' });
    expect(harness.sqs.stored.map(({ visibleAt }) => visibleAt)).toEqual([harness.clock.now()]);
  });

  test('leaves no timer behind, and no request', async () => {
    const { events } = harness.show();
    await settle();
    void events.close();
    await harness.clock.advance(20_000);
    expect(harness.clock.pending).toBe(0);
    expect(harness.sqs.polls.size).toBe(0);
  });
});
