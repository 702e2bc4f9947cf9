import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { QueueEvent, RejectedEvent } from '../../../../client/browser/connect.ts';
import { settle } from '../fake-clock.ts';
import type { Message } from '../world.ts';
import { World } from '../world.ts';

const entriesSchema = z.array(z.object({ VisibilityTimeout: z.number() }));

let world = new World();

afterEach(async () => {
  await world.close();
  world = new World();
});

const sendMany = (count: number): string[] => Array.from({ length: count }, (_, n) => world.sqs.send({ n }));

describe('a message', () => {
  test('arrives with its data, id, time and text', async () => {
    const events: QueueEvent<Message>[] = [];
    const { events: connection } = world.open();
    connection.addEventListener('message', (event) => events.push(event));
    await settle();
    world.sqs.send('{"n":12345678901234567890}', 'shard-1:42');
    await settle();
    const [event] = events;
    expect(event).toMatchObject({ id: 'shard-1:42', sentAt: world.clock.now(), text: '{"n":12345678901234567890}' });
    expect(event?.data).toEqual({ n: 12345678901234567000 });
    expect(event?.type).toBe('message');
    expect(event?.target).toBe(connection);
  });

  test('that is no JSON has its text as data', async () => {
    const data: unknown[] = [];
    world.open().events.addEventListener('message', (event) => data.push(event.data));
    world.sqs.send('not JSON');
    await settle();
    expect(data).toEqual(['not JSON']);
  });

  test('without attributes of ours is known by the id SQS gave it', async () => {
    world.sqs.send({ n: 1 }, 'x');
    Object.assign(world.sqs.stored[0] ?? {}, { MessageAttributes: undefined });
    const seen: QueueEvent<Message>[] = [];
    world.open().events.addEventListener('message', (event) => seen.push(event));
    await settle();
    expect(seen[0]).toMatchObject({ id: 'sqs-x', sentAt: Number.NaN });
  });

  test('is shown in order of arrival', async () => {
    const { shown } = world.show();
    await settle();
    const ids = sendMany(35);
    await world.clock.advance(2_000);
    expect(shown).toEqual(ids);
  });

  test('goes to every listener, and to objects with handleEvent', async () => {
    const { events } = world.open();
    const seen: string[] = [];
    events.addEventListener('message', ({ id }) => seen.push(`function ${id}`));
    events.addEventListener('message', { handleEvent: ({ id }) => seen.push(`object ${id}`) });
    world.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(seen).toEqual(['function a', 'object a']);
  });
});

describe('deleting', () => {
  test('happens only after the handler returned', async () => {
    const { events } = world.open();
    const handler = Promise.withResolvers<undefined>();
    events.addEventListener('message', () => handler.promise);
    world.sqs.send({ n: 1 });
    await world.clock.advance(2_000);
    expect(world.sqs.count('DeleteMessageBatch')).toBe(0);
    handler.resolve(undefined);
    await world.clock.advance(1_000);
    expect(world.sqs.count('DeleteMessageBatch')).toBe(1);
    expect(world.sqs.stored).toEqual([]);
  });

  test('is done ten at a time', async () => {
    world.show();
    sendMany(100);
    await world.clock.advance(2_000);
    expect(world.sqs.stored).toEqual([]);
    expect(world.sqs.count('DeleteMessageBatch')).toBe(10);
  });

  test('gathers messages that come one by one', async () => {
    world.show();
    await settle();
    for (let n = 0; n < 5; n++) {
      world.sqs.send({ n });
      await world.clock.advance(50);
    }
    await world.clock.advance(1_000);
    expect(world.sqs.stored).toEqual([]);
    expect(world.sqs.count('DeleteMessageBatch')).toBe(1);
  });

  test('that fails goes with the next one', async () => {
    const { shown } = world.show();
    world.sqs.send({ n: 1 }, 'a');
    await settle();
    world.sqs.faults.push((action) => (action === 'DeleteMessageBatch' ? new TypeError('network') : undefined));
    await world.clock.advance(600);
    world.sqs.send({ n: 2 }, 'b');
    await world.clock.advance(600);
    expect(world.sqs.stored).toEqual([]);
    expect(shown).toEqual(['a', 'b']);
  });
});

describe('a repeat', () => {
  test('is dropped and deleted', async () => {
    const { shown } = world.show();
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(1_000);
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(1_000);
    expect(shown).toEqual(['a']);
    expect(world.sqs.stored).toEqual([]);
  });

  test('is dropped after the page was loaded again', async () => {
    const before = world.show();
    world.sqs.send({ n: 1 }, 'a');
    await settle();
    before.tab.crash();
    world.sqs.send({ n: 1 }, 'a');
    const { shown } = world.show();
    await world.clock.advance(10_000);
    expect(before.shown).toEqual(['a']);
    expect(shown).toEqual([]);
    expect(world.sqs.stored).toEqual([]);
  });

  test('of a message that is being handled is dropped, and its newer receipt counts', async () => {
    const { events } = world.open();
    const seen: string[] = [];
    const handler = Promise.withResolvers<undefined>();
    events.addEventListener('message', ({ id }) => {
      seen.push(id);
      return id === 'a' ? handler.promise : undefined;
    });
    world.sqs.send({ n: 1 }, 'a');
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(1_000);
    handler.resolve(undefined);
    await world.clock.advance(10_000);
    expect(seen).toEqual(['a']);
    expect(world.sqs.stored).toEqual([]);
  });
});

describe('a handler that throws', () => {
  test('gets the event again for as long as the queue keeps it, with growing delay, and others go on', async () => {
    const { events } = world.open();
    const start = world.clock.now();
    const seen: string[] = [];
    events.addEventListener('message', ({ id }) => {
      seen.push(id);
      if (id === 'bad' && world.clock.now() - start < 20_000) throw new Error('no');
    });
    world.sqs.send({ n: 1 }, 'bad');
    world.sqs.send({ n: 2 }, 'good');
    await world.clock.advance(1_000);
    expect(seen.slice(0, 2)).toEqual(['bad', 'good']);
    expect(world.sqs.stored.map(({ MessageId }) => MessageId)).toEqual(['sqs-bad']);
    await world.clock.advance(30_000);
    expect(world.sqs.stored).toEqual([]);
    expect(seen.filter((id) => id === 'bad').length).toBeGreaterThan(5);
    const delays = world.sqs.calls.flatMap(({ action, parameters }) =>
      action === 'ChangeMessageVisibilityBatch'
        ? entriesSchema.parse(parameters['Entries']).map(({ VisibilityTimeout }) => VisibilityTimeout)
        : [],
    );
    expect(delays.length).toBeGreaterThan(5);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  });

  test('that recovers after three seconds loses nothing', async () => {
    const { events } = world.open({ retry: undefined });
    const start = world.clock.now();
    const handled = new Set<string>();
    events.addEventListener('message', ({ id }) => {
      if (world.clock.now() - start < 3_000) throw new Error('backend down');
      handled.add(id);
    });
    const ids = sendMany(20);
    await world.clock.advance(60_000);
    expect(handled).toEqual(new Set(ids));
    expect(world.sqs.stored).toEqual([]);
  });

  test('in the page that closes leaves the event in the queue', async () => {
    const { events, tab } = world.open();
    events.addEventListener('message', () => Promise.reject(new Error('no')));
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(1_000);
    tab.leave();
    const { shown } = world.show();
    await world.clock.advance(20_000);
    expect(shown).toEqual(['a']);
  });

  test('in one tab gets the event again there, although another tab handled it', async () => {
    const other = world.show();
    await settle();
    const { events } = world.open();
    const start = world.clock.now();
    const seen: string[] = [];
    events.addEventListener('message', ({ id }) => {
      if (world.clock.now() - start < 5_000) throw new Error('not yet');
      seen.push(id);
    });
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(20_000);
    expect([other.shown, seen]).toEqual([['a'], ['a']]);
    expect(world.sqs.stored).toEqual([]);
  });

  test('with a hundred events stops polling until it recovers', async () => {
    const { events } = world.open({ retry: () => 10_000 });
    let isDown = true;
    const handled = new Set<string>();
    events.addEventListener('message', ({ id }) => {
      if (isDown) throw new Error('down');
      handled.add(id);
    });
    const ids = sendMany(300);
    await world.clock.advance(30_000);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'handler' });
    expect(events.state).toHaveProperty('remedy');
    isDown = false;
    await world.clock.advance(120_000);
    expect(handled).toEqual(new Set(ids));
    expect(world.sqs.stored).toEqual([]);
  });

  test('does not make another handler get the message twice', async () => {
    const { events, shown } = world.show();
    let calls = 0;
    events.addEventListener('message', () => {
      if (++calls < 3) throw new Error('not yet');
    });
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(2_000);
    expect([shown, calls]).toEqual([['a'], 3]);
  });

  test('so often as `attempts` says makes the event be deleted, and an event tells', async () => {
    const { events } = world.open({ attempts: 3 });
    const rejected: RejectedEvent<Message>[] = [];
    let calls = 0;
    events.addEventListener('rejected', (event) => rejected.push(event));
    events.addEventListener('message', () => {
      calls++;
      return Promise.reject(new Error('no'));
    });
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(5_000);
    expect(calls).toBe(3);
    expect(rejected.map(({ message, error }) => [message.id, String(error)])).toEqual([['a', 'Error: no']]);
    expect(world.sqs.stored).toEqual([]);
  });

  test('has its error reported, as any listener', async () => {
    const tab = world.browser.tab();
    const reported: unknown[] = [];
    const environment = { ...tab.environment, reportError: (error: unknown) => reported.push(error) };
    const { events } = world.open({ environment, attempts: 1 }, tab);
    events.addEventListener('message', () => Promise.reject(new Error('no')));
    world.sqs.send({ n: 1 });
    await world.clock.advance(1_000);
    expect(reported.map(String)).toEqual(['Error: no']);
  });
});

describe('a slow handler', () => {
  test('keeps its message hidden, with fewer and fewer calls, and the state says so', async () => {
    const { events } = world.open();
    const handler = Promise.withResolvers<undefined>();
    events.addEventListener('message', () => handler.promise);
    world.sqs.send({ n: 1 }, 'a');
    await world.clock.advance(120_000);
    expect(events.state).toMatchObject({ status: 'waiting', reason: 'handler', detail: '1 messages' });
    expect(world.sqs.count('ReceiveMessage')).toBe(1);
    expect(world.sqs.count('ChangeMessageVisibilityBatch')).toBeLessThanOrEqual(7);
    handler.resolve(undefined);
    await world.clock.advance(1_000);
    expect(events.state.status).toBe('polling');
    expect(world.sqs.stored).toEqual([]);
  });
});
