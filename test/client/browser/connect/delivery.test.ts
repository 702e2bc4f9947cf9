import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { QueueEvent, RejectedEvent } from '../../../../client/browser/connect.ts';
import { settle } from '../fake-clock.ts';
import type { Message } from '../client-harness.ts';
import { ClientHarness } from '../client-harness.ts';

const entriesSchema = z.array(z.object({ VisibilityTimeout: z.number() }));

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

const sendMany = (count: number): string[] => Array.from({ length: count }, (_, n) => harness.sqs.send({ n }));

describe('a message', () => {
  test('arrives with its data, id, time and text', async () => {
    const events: QueueEvent<Message>[] = [];
    const { events: connection } = harness.open();
    connection.addEventListener('message', (event) => events.push(event));
    await settle();
    harness.sqs.send('{"n":12345678901234567890}', 'shard-1:42');
    await settle();
    const [event] = events;
    expect(event).toMatchObject({ id: 'shard-1:42', sentAt: harness.clock.now(), text: '{"n":12345678901234567890}' });
    expect(event?.data).toEqual({ n: 12345678901234567000 });
    expect(event?.type).toBe('message');
    expect(event?.target).toBe(connection);
  });

  test('that is no JSON has its text as data', async () => {
    const data: unknown[] = [];
    harness.open().events.addEventListener('message', (event) => data.push(event.data));
    harness.sqs.send('not JSON');
    await settle();
    expect(data).toEqual(['not JSON']);
  });

  test('without attributes of ours is known by the id SQS gave it', async () => {
    harness.sqs.send({ n: 1 }, 'x');
    Object.assign(harness.sqs.stored[0] ?? {}, { MessageAttributes: undefined });
    const seen: QueueEvent<Message>[] = [];
    harness.open().events.addEventListener('message', (event) => seen.push(event));
    await settle();
    expect(seen[0]).toMatchObject({ id: 'sqs-x', sentAt: Number.NaN });
  });

  test('is shown in order of arrival', async () => {
    const { shown } = harness.show();
    await settle();
    const ids = sendMany(35);
    await harness.clock.advance(2_000);
    expect(shown).toEqual(ids);
  });

  test('goes to every listener, and to objects with handleEvent', async () => {
    const { events } = harness.open();
    const seen: string[] = [];
    events.addEventListener('message', ({ id }) => seen.push(`function ${id}`));
    events.addEventListener('message', { handleEvent: ({ id }) => seen.push(`object ${id}`) });
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(seen).toEqual(['function a', 'object a']);
  });
});

describe('a repeat', () => {
  test('is dropped and deleted', async () => {
    const { shown } = harness.show();
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    expect(shown).toEqual(['a']);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('is dropped after the page was loaded again', async () => {
    const before = harness.show();
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    before.tab.crash();
    harness.sqs.send({ n: 1 }, 'a');
    const { shown } = harness.show();
    await harness.clock.advance(10_000);
    expect(before.shown).toEqual(['a']);
    expect(shown).toEqual([]);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('of a message that is being handled is dropped, and its newer receipt counts', async () => {
    const { events } = harness.open();
    const seen: string[] = [];
    const handler = Promise.withResolvers<undefined>();
    events.addEventListener('message', ({ id }) => {
      seen.push(id);
      return id === 'a' ? handler.promise : undefined;
    });
    harness.sqs.send({ n: 1 }, 'a');
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    handler.resolve(undefined);
    await harness.clock.advance(10_000);
    expect(seen).toEqual(['a']);
    expect(harness.sqs.stored).toEqual([]);
  });
});

describe('a handler that throws', () => {
  test('gets the event again for as long as the queue keeps it, with growing delay, and others go on', async () => {
    const { events } = harness.open();
    const start = harness.clock.now();
    const seen: string[] = [];
    events.addEventListener('message', ({ id }) => {
      seen.push(id);
      if (id === 'bad' && harness.clock.now() - start < 20_000) throw new Error('no');
    });
    harness.sqs.send({ n: 1 }, 'bad');
    harness.sqs.send({ n: 2 }, 'good');
    await harness.clock.advance(1_000);
    expect(seen.slice(0, 2)).toEqual(['bad', 'good']);
    expect(harness.sqs.stored.map(({ MessageId }) => MessageId)).toEqual(['sqs-bad']);
    await harness.clock.advance(30_000);
    expect(harness.sqs.stored).toEqual([]);
    expect(seen.filter((id) => id === 'bad').length).toBeGreaterThan(5);
    const delays = harness.sqs.calls.flatMap(({ action, parameters }) =>
      action === 'ChangeMessageVisibilityBatch'
        ? entriesSchema.parse(parameters['Entries']).map(({ VisibilityTimeout }) => VisibilityTimeout)
        : [],
    );
    expect(delays.length).toBeGreaterThan(5);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  });

  test('that recovers after three seconds loses nothing', async () => {
    const { events } = harness.open({ retry: undefined });
    const start = harness.clock.now();
    const handled = new Set<string>();
    events.addEventListener('message', ({ id }) => {
      if (harness.clock.now() - start < 3_000) throw new Error('backend down');
      handled.add(id);
    });
    const ids = sendMany(20);
    await harness.clock.advance(60_000);
    expect(handled).toEqual(new Set(ids));
    expect(harness.sqs.stored).toEqual([]);
  });

  test('in the page that closes leaves the event in the queue', async () => {
    const { events, tab } = harness.open();
    events.addEventListener('message', () => Promise.reject(new Error('no')));
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(1_000);
    tab.leave();
    const { shown } = harness.show();
    await harness.clock.advance(20_000);
    expect(shown).toEqual(['a']);
  });

  test('in one tab gets the event again there, although another tab handled it', async () => {
    const other = harness.show();
    await settle();
    const { events } = harness.open();
    const start = harness.clock.now();
    const seen: string[] = [];
    events.addEventListener('message', ({ id }) => {
      if (harness.clock.now() - start < 5_000) throw new Error('not yet');
      seen.push(id);
    });
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(20_000);
    expect([other.shown, seen]).toEqual([['a'], ['a']]);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('with a hundred events stops polling until it recovers', async () => {
    const { events } = harness.open({ retry: () => 10_000 });
    let isDown = true;
    const handled = new Set<string>();
    events.addEventListener('message', ({ id }) => {
      if (isDown) throw new Error('down');
      handled.add(id);
    });
    const ids = sendMany(300);
    await harness.clock.advance(30_000);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'handler' });
    expect(events.state).toHaveProperty('remedy');
    isDown = false;
    await harness.clock.advance(120_000);
    expect(handled).toEqual(new Set(ids));
    expect(harness.sqs.stored).toEqual([]);
  });

  test('does not make another handler get the message twice', async () => {
    const { events, shown } = harness.show();
    let calls = 0;
    events.addEventListener('message', () => {
      if (++calls < 3) throw new Error('not yet');
    });
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(2_000);
    expect([shown, calls]).toEqual([['a'], 3]);
  });

  test('so often as `attempts` says makes the event be deleted, and an event tells', async () => {
    const { events } = harness.open({ attempts: 3 });
    const rejected: RejectedEvent<Message>[] = [];
    let calls = 0;
    events.addEventListener('rejected', (event) => rejected.push(event));
    events.addEventListener('message', () => {
      calls++;
      return Promise.reject(new Error('no'));
    });
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(5_000);
    expect(calls).toBe(3);
    expect(rejected.map(({ message, error }) => [message.id, String(error)])).toEqual([['a', 'Error: no']]);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('has its error reported, as any listener', async () => {
    const tab = harness.browser.tab();
    const reported: unknown[] = [];
    const environment = { ...tab.environment, reportError: (error: unknown) => reported.push(error) };
    const { events } = harness.open({ environment, attempts: 1 }, tab);
    events.addEventListener('message', () => Promise.reject(new Error('no')));
    harness.sqs.send({ n: 1 });
    await harness.clock.advance(1_000);
    expect(reported.map(String)).toEqual(['Error: no']);
  });
});

describe('a slow handler', () => {
  test('keeps its message hidden, with fewer and fewer calls, and the state says so', async () => {
    const { events } = harness.open();
    const handler = Promise.withResolvers<undefined>();
    events.addEventListener('message', () => handler.promise);
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(120_000);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'handler', detail: '1 messages' });
    expect(harness.sqs.count('ReceiveMessage')).toBe(1);
    expect(harness.sqs.count('ChangeMessageVisibilityBatch')).toBeLessThanOrEqual(7);
    handler.resolve(undefined);
    await harness.clock.advance(1_000);
    expect(events.state.status).toBe('polling');
    expect(harness.sqs.stored).toEqual([]);
  });
});
