import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { GlobalPage } from './global-page.ts';
import type { ConnectOptions, Events, QueueEvent } from '../../../client/browser/connect.ts';
import { fakeConnection, type FakeConnection } from '../../../client/testing/testing.ts';
import { z } from 'zod';

const page = new GlobalPage();
const { act, createElement, StrictMode, useState } = await import('react');
const { createRoot } = await import('react-dom/client');
const { renderToString } = await import('react-dom/server');
const { useEvent, useEvents } = await import('../../../client/react/react.ts');

type Data = { readonly type: 'note'; readonly text: string };

let connections: (FakeConnection<Data> & { readonly options: ConnectOptions })[] = [];
const connect = (options: ConnectOptions): Events<never> => {
  const connection = fakeConnection<Data>({ session: options.session });
  connections.push({ ...connection, options });
  return connection.events as unknown as Events<never>;
};
const { session } = fakeConnection().events;
const options = { session, connect, renew: () => Promise.resolve(session) } as const;

const container = (): HTMLElement => page.document.createElement('div') as unknown as HTMLElement;
let root = createRoot(container());
const render = (element: Parameters<typeof root.render>[0]): Promise<void> =>
  act(async () => {
    root.render(element);
    await Promise.resolve();
  });

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});
afterEach(async () => {
  await act(async () => {
    root.unmount();
    await Promise.resolve();
  });
  root = createRoot(container());
  connections = [];
});
afterAll(() => {
  page.remove();
});

const open = (): FakeConnection<Data>[] => connections.filter(({ events }) => events.state.status !== 'ended');
const send = (text: string): Promise<void> => act(async () => await open()[0]?.send({ type: 'note', text }));

describe('useEvents', () => {
  test('connects once, in StrictMode too, and closes when the component goes', async () => {
    const App = (): null => {
      useEvents(options);
      return null;
    };
    await render(createElement(StrictMode, null, createElement(App)));
    expect(open()).toHaveLength(1);
    await render(null);
    expect(open()).toHaveLength(0);
  });

  test('keeps its connection when options are written anew with each render, and calls the last functions', async () => {
    const renewed: string[] = [];
    const App = ({ name }: { name: string }): null => {
      useEvents({
        ...options,
        session: { ...session },
        poll: () => name === 'b',
        renew: () => {
          renewed.push(name);
          return Promise.resolve(session);
        },
      });
      return null;
    };
    await render(createElement(App, { name: 'a' }));
    await render(createElement(App, { name: 'b' }));
    expect(connections).toHaveLength(1);
    await connections[0]?.options.renew(session);
    const { poll } = connections[0]?.options ?? {};
    expect([renewed, typeof poll === 'function' && poll({ visible: true, online: true })]).toEqual([['b'], true]);
  });

  test('waits for a session, and connects again when the queue is another one', async () => {
    const App = ({ queue }: { queue?: string }): null => {
      useEvents({ ...options, session: queue ? { ...session, sqsUrl: queue } : undefined });
      return null;
    };
    await render(createElement(App, {}));
    expect(connections).toHaveLength(0);
    await render(createElement(App, { queue: 'https://a/q' }));
    await render(createElement(App, { queue: 'https://b/q' }));
    expect(connections.map(({ events }) => events.session.sqsUrl)).toEqual(['https://a/q', 'https://b/q']);
    expect(open()).toHaveLength(1);
  });

  test('renders again when the state changes', async () => {
    const shown: unknown[] = [];
    const App = (): null => {
      shown.push(useEvents(options).state?.status);
      return null;
    };
    await render(createElement(App));
    await act(async () => {
      connections[0]?.setState({ status: 'polling', reason: 'listening' });
      await Promise.resolve();
    });
    expect(shown.at(-1)).toBe('polling');
  });

  test('does nothing on a server', () => {
    const App = (): string => {
      useEvent('note', () => undefined);
      return useEvents(options).state?.status ?? 'none';
    };
    expect(renderToString(createElement(App))).toBe('none');
    expect(connections).toEqual([]);
  });
});

describe('useEvent', () => {
  const Note = ({ type = 'note', onNote }: { type?: string; onNote: (event: QueueEvent<Data>) => unknown }): null => {
    useEvent<Data>(type, onNote);
    return null;
  };
  const App = ({ children }: { children?: React.ReactNode }): React.ReactNode => {
    useEvents(options);
    return children;
  };

  test('calls the last handler, once', async () => {
    const seen: string[] = [];
    const tree = (name: string): React.ReactNode =>
      createElement(App, null, createElement(Note, { onNote: ({ data }) => seen.push(`${name} ${data.text}`) }));
    await render(tree('a'));
    expect(open()[0]?.handlerCount()).toBe(1);
    await send('1');
    await render(tree('b'));
    await send('2');
    expect(seen).toEqual(['a 1', 'b 2']);
    expect(open()[0]?.handlerCount()).toBe(1);
  });

  test('stops listening when its component goes', async () => {
    await render(createElement(App, null, createElement(Note, { onNote: () => undefined })));
    expect(open()[0]?.handlerCount()).toBe(1);
    await render(createElement(App));
    expect(open()[0]?.handlerCount()).toBe(0);
  });

  test('works in the component that connects, and gets every event with *', async () => {
    const seen: string[] = [];
    const Whole = (): React.ReactNode => {
      useEvents<Data>(options);
      const [count, setCount] = useState(0);
      useEvent<Data>('*', ({ id }) => {
        seen.push(id);
        setCount(count + 1);
      });
      return String(count);
    };
    await render(createElement(StrictMode, null, createElement(Whole)));
    await send('1');
    await send('2');
    expect(seen).toEqual(['event-1', 'event-2']);
  });

  test('gives what a schema makes of the data', async () => {
    const seen: number[] = [];
    const schema = z.object({ text: z.string().transform(Number) });
    const Counter = (): null => {
      useEvent('note', ({ data }) => seen.push(data.text), { schema });
      return null;
    };
    await render(createElement(App, null, createElement(Counter)));
    await send('5');
    expect(seen).toEqual([5]);
  });

  test('listens to the connection it is given', async () => {
    const { events, send: sendThere } = fakeConnection<Data>();
    const seen: string[] = [];
    const Other = (): null => {
      useEvent('note', ({ data }) => seen.push(data.text), { events });
      return null;
    };
    await render(createElement(Other));
    await act(() => sendThere({ type: 'note', text: 'there' }));
    expect(seen).toEqual(['there']);
  });
});
