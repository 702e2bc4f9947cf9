/**
 * The diagram and the tables of docs/client.md against the code: what is recorded here comes from the real client in a browser
 * made of fakes, by named scenarios and by random ones.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ConnectOptions, EventsMap, Reasons, State } from '../../../client/browser/connect.ts';
import type { HistoryOptions } from '../../../client/browser/history.ts';
import { remedies } from '../../../client/browser/state.ts';
import type { Client } from './client-harness.ts';
import { ClientHarness } from './client-harness.ts';

const docs = await readFile(new URL('../../../docs/client.md', import.meta.url), 'utf8');

/** "polling → paused", from the lines of the diagram; its start is where a connection starts. */
const drawn = new Set(
  [...(/```mermaid\nstateDiagram-v2\n([^]*?)```/.exec(docs)?.[1] ?? '').matchAll(/^ *(\w+) --> (\w+)/gm)].map(
    ([, from = '', to = '']) => `${from} → ${to}`,
  ),
);

/** What a table has in its first column, by the table's heading. */
const firstColumn = (heading: string): string[] => {
  const table = new RegExp(`\\n\\| ${heading} [^]*?\\n\\n`).exec(`${docs}\n\n`)?.[0] ?? '';
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
};

/** Changes of status; a change of the reason alone is none. */
const changes = ({ states }: Client): string[] =>
  states.flatMap(({ status }, index) => {
    const before = states[index - 1]?.status ?? status;
    return before === status ? [] : [`${before} → ${status}`];
  });

interface Play {
  readonly harness: ClientHarness;
  readonly client: Client;
}

type Act = (play: Play) => Promise<unknown>;

const listen: Act = ({ client }) => {
  client.events.addEventListener('message', ({ id }) => client.shown.push(id));
  return Promise.resolve();
};
const pass =
  (milliseconds: number): Act =>
  ({ harness }) =>
    harness.clock.advance(milliseconds);
const fail =
  (times: number): Act =>
  ({ harness }) => {
    harness.sqs.faults.push(...Array.from({ length: times }, () => () => new TypeError('Failed to fetch')));
    return Promise.resolve();
  };
const revoke: Act = ({ harness }) => {
  harness.sqs.revoke();
  return Promise.resolve();
};
const show =
  (visibility: 'visible' | 'hidden'): Act =>
  ({ client }) => {
    client.tab.show(visibility);
    return Promise.resolve();
  };
const fire =
  (type: 'offline' | 'online'): Act =>
  ({ client }) => {
    client.tab.online = type === 'online';
    client.tab.fire(type);
    return Promise.resolve();
  };
const lose: Act = ({ harness }) => {
  harness.sqs.gone = true;
  return Promise.resolve();
};
const send: Act = ({ harness }) => {
  harness.sqs.send({ n: 1 });
  return Promise.resolve();
};
const end: Act = ({ client }) => client.events.close();
const second = pass(1_000);
const poll = pass(25_000);

const play = async (
  acts: readonly Act[],
  options: Partial<ConnectOptions> = {},
  lifetime?: number,
): Promise<string[]> => {
  const harness = new ClientHarness(lifetime);
  const client = harness.open({ share: false, poll: 'visible-only', ...options });
  for (const act of acts) {
    const done = act({ harness, client });
    if (act === end) await harness.clock.advance(2_000);
    await done;
  }
  await harness.close();
  return changes(client);
};

const never = (): Promise<never> => Promise.reject(new Error('No'));
const gone = (): Promise<never> => Promise.reject(Object.assign(new Error('Gone'), { status: 404 }));

const scenarios: Record<string, [acts: Act[], options?: Partial<ConnectOptions>, lifetime?: number]> = {
  'a page listens, and closes the connection': [[listen, second, end]],
  'it is closed at once': [[end]],
  'nobody listens': [[second, end]],
  'the page is hidden, and shown again': [[listen, second, show('hidden'), poll, show('visible'), second, end]],
  'the network fails at first': [[fail(2), listen, second, end]],
  'the network fails later': [[listen, second, fail(2), poll, end]],
  'the network fails when the page is hidden': [
    [fail(50), listen, second, show('hidden'), poll, end],
    { retry: () => 5_000 },
  ],
  'the network fails until the end': [[fail(50), listen, second, end], { retry: () => 60_000 }],
  'the keys are about to expire': [[listen, second, pass(60_000), second, end], {}, 60],
  'the keys were refused from the start': [[revoke, listen, second, end]],
  'the keys are refused after a failure of the network': [[listen, second, fail(1), revoke, poll, second, end]],
  'the keys expire while the page is hidden': [
    [listen, second, show('hidden'), poll, pass(60_000), second, end],
    {},
    60,
  ],
  'the backend cannot renew': [[listen, second, revoke, poll, second, end], { renew: never, retry: () => 60_000 }],
  'the backend says that the session is gone': [[listen, second, revoke, poll, second], { renew: gone }],
  'the queue is gone, and stays so': [[listen, second, lose, poll, poll, poll]],
  'it is closed while it renews': [[listen, second, revoke, poll, end], { renew: () => new Promise(() => undefined) }],
  'the browser is offline for a while': [[listen, second, fire('offline'), second, fire('online'), second, end]],
  'a handler takes long': [[send, listen, second, end]],
};

test('what happens to a connection is what the diagram shows', async () => {
  const recorded = new Set<string>();
  for (const [acts, options, lifetime] of Object.values(scenarios)) {
    for (const change of await play(acts, options, lifetime)) recorded.add(change);
  }
  expect([...recorded].sort()).toEqual([...drawn].sort());
});

const anyAct = fc.constantFrom<Act>(
  ...[
    listen,
    second,
    poll,
    pass(60_000),
    fail(1),
    fail(3),
    revoke,
    fire('offline'),
    fire('online'),
    show('hidden'),
    show('visible'),
    lose,
    send,
    end,
  ],
);

test('whatever happens to a connection, it never does what the diagram does not show', async () => {
  const renew = fc.constantFrom<Partial<ConnectOptions>>({}, { renew: never }, { renew: gone });
  const life = fc.constantFrom(60, 14_400);
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAct, { minLength: 3, maxLength: 12 }),
      renew,
      life,
      async (acts, options, lifetime) => {
        const changed = await play([listen, ...acts], options, lifetime);
        expect(changed.filter((change) => !drawn.has(change))).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test('the tables list every status, reason, remedy, option and event', () => {
  const reasons: { readonly [Status in State['status']]: Record<Reasons[Status], true> } = {
    connecting: { starting: true, resumed: true },
    polling: { listening: true },
    paused: { 'no-handler': true, hidden: true, policy: true, 'no-page': true },
    renewing: { expiring: true, 'keys-refused': true, 'queue-gone': true },
    waiting: {
      ...{ offline: true, network: true, server: true, throttled: true },
      ...{ refused: true, 'no-queue': true, 'renew-failed': true, handler: true, error: true },
    },
    ended: { closed: true, 'session-gone': true },
  };
  const options: Record<keyof ConnectOptions, true> = {
    ...{ session: true, renew: true, poll: true, attempts: true, retry: true, share: true, signal: true },
    ...{ region: true, waitTime: true, visibilityTimeout: true, debug: true, history: true, environment: true },
  };
  const events: Record<keyof EventsMap<unknown>, true> = {
    message: true,
    statechange: true,
    rejected: true,
    resync: true,
  };
  expect(firstColumn('reason').sort()).toEqual(Object.values(reasons).flatMap(Object.keys).sort());
  const historyOptions: Record<keyof HistoryOptions, true> = { maxEvents: true, maxAge: true, environment: true };
  expect(firstColumn('option').sort()).toEqual(Object.keys(options).sort());
  expect(firstColumn('history option').sort()).toEqual(Object.keys(historyOptions).sort());
  expect(firstColumn('event').sort()).toEqual(Object.keys(events).sort());
  for (const [reason, remedy] of Object.entries(remedies)) {
    expect(docs).toMatch(new RegExp(`^\\| \`${reason}\` .*${remedy.replaceAll(/[.()]/g, '\\$&')}`, 'm'));
  }
});
