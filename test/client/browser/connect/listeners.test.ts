import { afterEach, describe, expect, test } from '@jest/globals';
import type { QueueEvent } from '../../../../client/browser/connect.ts';
import type { Client, Message } from '../client-harness.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

const sendMany = (count: number): string[] => Array.from({ length: count }, (_, n) => harness.sqs.send({ n }));

/** A listener that takes 100 ms for each message. */
const slow =
  ({ tab }: Client, seen: string[]) =>
  ({ id }: QueueEvent<Message>): Promise<void> => {
    seen.push(id);
    return new Promise((resolve) => tab.environment.setTimeout(resolve, 100));
  };

describe('close() in a listener', () => {
  const closings: Record<string, (client: Client) => () => unknown> = {
    'that returns at once':
      ({ events }) =>
      () => {
        void events.close();
      },
    'that closes later':
      ({ events }) =>
      async () => {
        await Promise.resolve();
        void events.close();
      },
    'that waits for the end':
      ({ events }) =>
      () =>
        events.close(),
  };
  for (const [name, listener] of Object.entries(closings)) {
    test(`${name} leaves nothing of its message: it does not come again`, async () => {
      const client = harness.open();
      client.events.addEventListener('message', listener(client));
      await harness.clock.advance(500);
      harness.sqs.send({ n: 1 }, 'a');
      await harness.clock.advance(5_000);
      client.tab.leave();
      const { shown } = harness.show();
      await harness.clock.advance(20_000);
      expect(shown).toEqual([]);
      expect(harness.sqs.stored).toEqual([]);
    });
  }

  test('gives back the rest of its batch', async () => {
    const client = harness.open();
    client.events.addEventListener('message', closings['that returns at once']?.(client) ?? null);
    const [, ...rest] = sendMany(5);
    await harness.clock.advance(5_000);
    const { shown } = harness.show({}, client.tab);
    await harness.clock.advance(20_000);
    expect(shown).toEqual(rest);
  });
});

describe('a listener that takes the place of another', () => {
  test('goes on with what waits, in a tab that does not poll', async () => {
    harness.show();
    await harness.clock.advance(500);
    const follower = harness.open();
    const seen: string[] = [];
    const [first, second] = [slow(follower, seen), slow(follower, seen)];
    follower.events.addEventListener('message', first);
    await harness.clock.advance(500);
    const ids = sendMany(10);
    await harness.clock.advance(150);
    follower.events.removeEventListener('message', first);
    follower.events.addEventListener('message', second);
    await harness.clock.advance(60_000);
    expect(seen).toEqual(ids);
  });

  test('again and again costs no calls, and changes no order, in the tab that polls', async () => {
    const client = harness.open();
    const seen: string[] = [];
    let listener = slow(client, seen);
    client.events.addEventListener('message', listener);
    await harness.clock.advance(500);
    harness.sqs.calls.length = 0;
    const ids = sendMany(30);
    for (let turn = 0; turn < 60; turn++) {
      await harness.clock.advance(100);
      client.events.removeEventListener('message', listener);
      listener = slow(client, seen);
      client.events.addEventListener('message', listener);
    }
    await harness.clock.advance(1_000);
    expect(seen).toEqual(ids);
    expect(harness.sqs.calls.length).toBeLessThan(12);
  });

  test('does not get the message that the other still works on', async () => {
    const client = harness.open();
    const seen: string[] = [];
    const [first, second] = [slow(client, seen), slow(client, seen)];
    client.events.addEventListener('message', first);
    harness.sqs.send({ n: 1 }, 'a');
    await harness.clock.advance(50);
    client.events.removeEventListener('message', first);
    client.events.addEventListener('message', second);
    await harness.clock.advance(20_000);
    expect(seen).toEqual(['a']);
  });
});

test('a message that a removed listener does not finish goes to the next one after ten seconds', async () => {
  const { events } = harness.open();
  const hanging = (): Promise<never> => new Promise(() => undefined);
  events.addEventListener('message', hanging);
  harness.sqs.send({ n: 1 }, 'a');
  await harness.clock.advance(50);
  events.removeEventListener('message', hanging);
  const seen: string[] = [];
  events.addEventListener('message', ({ id }) => seen.push(id));
  await harness.clock.advance(9_900);
  expect(seen).toEqual([]);
  await harness.clock.advance(200);
  expect(seen).toEqual(['a']);
});

describe('a tab without a listener', () => {
  test('gives back after a second what it did not show', async () => {
    const client = harness.open();
    const seen: string[] = [];
    const listener = slow(client, seen);
    client.events.addEventListener('message', listener);
    const [first, ...rest] = sendMany(3);
    await harness.clock.advance(50);
    client.events.removeEventListener('message', listener);
    await harness.clock.advance(3_000);
    expect(client.events.state).toMatchObject({ status: 'paused', reason: 'no-handler' });
    expect(seen).toEqual([first]);
    client.events.addEventListener('message', ({ id }) => seen.push(id));
    await harness.clock.advance(3_000);
    expect(seen).toEqual([first, ...rest]);
  });
});

describe('a loop that is left', () => {
  test('leaves its message to the other listeners, and comes back to the next one', async () => {
    const { events, shown } = harness.show();
    const seen: string[] = [];
    const run = async (): Promise<void> => {
      for await (const { id } of events) {
        seen.push(id);
        break;
      }
    };
    const left = run();
    const ids = sendMany(2);
    await harness.clock.advance(1_000);
    await left;
    expect(seen).toEqual([ids[0]]);
    expect(shown).toEqual(ids);
    expect(harness.sqs.stored).toEqual([]);
  });
});
