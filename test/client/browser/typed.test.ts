import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { RejectedEvent } from '../../../client/browser/connect.ts';
import { typed } from '../../../client/browser/typed.ts';
import { settle } from './fake-clock.ts';
import { ClientHarness } from './client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

test('on() gets the events of its type, and not those of others', async () => {
  const events = typed(harness.open().events);
  const seen: string[] = [];
  events.on('invoice.paid', ({ id }) => seen.push(id));
  harness.sqs.send({ type: 'invoice.paid' }, 'a');
  harness.sqs.send({ type: 'invoice.sent' }, 'b');
  harness.sqs.send('no JSON', 'c');
  await harness.clock.advance(2_000);
  expect(seen).toEqual(['a']);
  expect(harness.sqs.stored).toEqual([]);
});

test('on() compares another field if the option names one', async () => {
  const events = typed(harness.open().events, { typeField: 'kind' });
  const seen: string[] = [];
  events.on('paid', ({ id }) => seen.push(id));
  harness.sqs.send({ kind: 'paid', type: 'x' }, 'a');
  await settle();
  expect(seen).toEqual(['a']);
});

test('on() gives what a schema makes of the data', async () => {
  const events = typed(harness.open().events);
  const seen: unknown[] = [];
  const schema = z.object({ type: z.literal('invoice.paid'), at: z.string().transform((text) => text.length) });
  events.on('invoice.paid', ({ data, text }) => seen.push([data.at + 1, text]), { schema });
  const text = '{"type":"invoice.paid","at":"2026"}';
  harness.sqs.send(text);
  await settle();
  expect(seen).toEqual([[5, text]]);
});

test('on() does not get data that the schema refuses: `rejected` fires, and the event is not repeated', async () => {
  const events = typed(harness.open().events);
  const seen: unknown[] = [];
  const rejected: RejectedEvent[] = [];
  events.addEventListener('rejected', (event) => rejected.push(event));
  events.on('invoice.paid', ({ data }) => seen.push(data), { schema: z.object({ amount: z.number() }) });
  harness.sqs.send({ type: 'invoice.paid', amount: '5' }, 'a');
  await harness.clock.advance(2_000);
  expect(seen).toEqual([]);
  expect(rejected).toMatchObject([{ message: { id: 'a' }, error: { name: 'SchemaError' } }]);
  expect(rejected[0]?.error).toHaveProperty('issues', [expect.objectContaining({ path: ['amount'] })]);
  expect(harness.sqs.stored).toEqual([]);
});

test('a handler of on() that fails gets the event again', async () => {
  const events = typed(harness.open().events);
  let calls = 0;
  events.on('x', () => {
    if (++calls < 3) throw new Error('not yet');
  });
  harness.sqs.send({ type: 'x' });
  await harness.clock.advance(10_000);
  expect(calls).toBe(3);
  expect(harness.sqs.stored).toEqual([]);
});

test('on() stops when it is called off, after one event of its type, and when a signal aborts', async () => {
  const events = typed(harness.open().events);
  const abort = new AbortController();
  const [stopped, once, until]: [string[], string[], string[]] = [[], [], []];
  const stop = events.on('x', ({ id }) => stopped.push(id));
  events.on('x', ({ id }) => once.push(id), { once: true });
  events.on('x', ({ id }) => until.push(id), { signal: abort.signal });
  harness.sqs.send({ type: 'y' }, 'other');
  harness.sqs.send({ type: 'x' }, 'a');
  await settle();
  stop();
  harness.sqs.send({ type: 'x' }, 'b');
  await settle();
  abort.abort();
  harness.sqs.send({ type: 'x' }, 'c');
  await harness.clock.advance(5_000);
  expect([stopped, once, until]).toEqual([['a'], ['a'], ['a', 'b']]);
});
