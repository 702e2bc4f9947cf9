import { afterEach, expect, test } from '@jest/globals';
import { settle } from './fake-clock.ts';
import { ClientHarness } from './client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

test('gives the messages in order and ends when the connection does', async () => {
  const { events } = harness.open();
  const ids = ['a', 'b', 'c'].map((id) => harness.sqs.send({ n: 1 }, id));
  const seen: string[] = [];
  const loop = (async () => {
    for await (const event of events) seen.push(event.id);
  })();
  await settle();
  expect(seen).toEqual(ids);
  void events.close();
  await harness.clock.advance(1_000);
  await loop;
});

test('deletes a message when the next one is asked for', async () => {
  const { events } = harness.open();
  const iterator = events[Symbol.asyncIterator]();
  harness.sqs.send({ n: 1 }, 'a');
  const first = await iterator.next();
  expect(first.value).toMatchObject({ id: 'a' });
  await harness.clock.advance(1_000);
  expect(harness.sqs.stored).toHaveLength(1);
  void iterator.next();
  await harness.clock.advance(1_000);
  expect(harness.sqs.stored).toEqual([]);
});

test('shows the message again that it threw at', async () => {
  const { events } = harness.open();
  harness.sqs.send({ n: 1 }, 'a');
  harness.sqs.send({ n: 2 }, 'b');
  const failing = (async () => {
    for await (const event of events) throw new Error(event.id);
  })();
  await expect(failing).rejects.toThrow('a');
  await harness.clock.advance(1_000);
  expect(events.state).toMatchObject({ status: 'paused', reason: 'no-handler' });
  const iterator = events[Symbol.asyncIterator]();
  const again = [await iterator.next(), await iterator.next()];
  expect(again).toMatchObject([{ value: { id: 'a' } }, { value: { id: 'b' } }]);
});

test('answers calls of next that do not wait for each other', async () => {
  const { events } = harness.open();
  const iterator = events[Symbol.asyncIterator]();
  const results = [iterator.next(), iterator.next(), iterator.next()];
  for (const id of ['a', 'b', 'c']) harness.sqs.send({ n: 1 }, id);
  expect(await Promise.all(results)).toMatchObject(['a', 'b', 'c'].map((id) => ({ value: { id } })));
});

test('is over at once when the connection is', async () => {
  const { events } = harness.open();
  void events.close();
  expect(await events[Symbol.asyncIterator]().next()).toEqual({ value: undefined, done: true });
});

test('polls nothing before somebody listens', async () => {
  const { events } = harness.open();
  harness.sqs.send({ n: 1 }, 'a');
  await harness.clock.advance(60_000);
  expect(harness.sqs.calls).toEqual([]);
  expect(events.state).toMatchObject({ status: 'paused', reason: 'no-handler' });
  const seen: string[] = [];
  events.addEventListener('message', ({ id }) => seen.push(id));
  await settle();
  expect(seen).toEqual(['a']);
});

test('listens once when asked to, and until a signal aborts', async () => {
  const { events } = harness.open();
  const abort = new AbortController();
  const [once, until]: [string[], string[]] = [[], []];
  events.addEventListener('message', ({ id }) => once.push(id), { once: true });
  events.addEventListener('message', ({ id }) => until.push(id), { signal: abort.signal });
  harness.sqs.send({ n: 1 }, 'a');
  await settle();
  harness.sqs.send({ n: 2 }, 'b');
  await settle();
  abort.abort();
  harness.sqs.send({ n: 3 }, 'c');
  await harness.clock.advance(10_000);
  expect([once, until]).toEqual([['a'], ['a', 'b']]);
  expect(harness.sqs.stored).toHaveLength(1);
});

test('hands what was not handled to a listener that takes the place of another', async () => {
  const { events } = harness.open();
  const stuck = (): Promise<void> => new Promise(() => undefined);
  events.addEventListener('message', stuck);
  harness.sqs.send({ n: 1 }, 'a');
  await settle();
  events.removeEventListener('message', stuck);
  const seen: string[] = [];
  events.addEventListener('message', ({ id }) => seen.push(id));
  await harness.clock.advance(20_000);
  expect(seen).toEqual(['a']);
});
