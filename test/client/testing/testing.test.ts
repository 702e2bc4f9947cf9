import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { RejectedEvent, State } from '../../../client/browser/connect.ts';
import { typed } from '../../../client/browser/typed.ts';
import { fakeConnect, fakeConnection } from '../../../client/testing/testing.ts';

type Note = { readonly type: 'note'; readonly text: string } | { readonly type: 'end' };

describe('a fake connection', () => {
  test('delivers what the test sends to listeners, handlers of a type and loops', async () => {
    const { events, send } = fakeConnection<Note>();
    const seen: string[] = [];
    events.addEventListener('message', ({ id, data }) => seen.push(`listener ${id} ${data.type}`));
    typed(events).on('note', ({ data }) => seen.push(`on ${data.text}`));
    await send({ type: 'note', text: 'hello' }, { sentAt: 1 });
    const next = events[Symbol.asyncIterator]().next();
    void send({ type: 'end' }, { id: 'last' });
    expect(await next).toMatchObject({ value: { id: 'last', data: { type: 'end' } } });
    expect(seen).toEqual(['listener event-1 note', 'on hello', 'listener last end']);
  });

  test('resolves when the handlers are done, and rejects with what one threw', async () => {
    const { events, send } = fakeConnection<Note>();
    let isDone = false;
    typed(events).on('note', async ({ data }) => {
      await Promise.resolve();
      if (data.text === 'bad') throw new Error('no');
      isDone = true;
    });
    await send({ type: 'note', text: 'good' });
    expect(isDone).toBe(true);
    await expect(send({ type: 'note', text: 'bad' })).rejects.toThrow('no');
  });

  test('validates as the real one does', async () => {
    const { events, send } = fakeConnection();
    const rejected: RejectedEvent[] = [];
    events.addEventListener('rejected', (event) => rejected.push(event));
    typed(events).on('note', () => undefined, { schema: z.object({ text: z.string() }) });
    await send({ type: 'note', text: 5 });
    expect(rejected).toMatchObject([{ error: { name: 'SchemaError' } }]);
  });

  test('has the state and the session that the test says', async () => {
    const connection = fakeConnection({ leader: false });
    const { events, setState, resync } = connection;
    const told: unknown[] = [];
    events.addEventListener('statechange', ({ state, previous }) => told.push(`${previous.status} → ${state.status}`));
    events.addEventListener('resync', ({ since }) => told.push(since));
    const waiting: State = { status: 'waiting', reason: 'network', detail: 'No', attempt: 1, until: 5 };
    setState(waiting);
    setState({ ...waiting });
    resync(7);
    await events.close();
    expect(told).toEqual(['connecting → waiting', 7, 'waiting → ended']);
    expect([events.leader, events.session.sessionId, events.state.reason]).toEqual([false, 'fake', 'closed']);
    await expect(connection.send({})).rejects.toThrow('The connection has ended');
  });

  test('counts its handlers, so that a test sees what was not cleaned up', () => {
    const { events, handlerCount } = fakeConnection();
    const stop = typed(events).on('x', () => undefined);
    expect(handlerCount()).toBe(1);
    stop();
    expect(handlerCount()).toBe(0);
  });

  test('is what a fake connect() returns', () => {
    const connection = fakeConnection();
    const { session } = connection.events;
    expect(fakeConnect(connection)({ session, renew: () => Promise.resolve(session) })).toBe(connection.events);
  });
});
