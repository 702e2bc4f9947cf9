/** The file that `npm run build` makes, in which members have short names, does what its source does. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { bundleModule, bundleScript, entries, entryNames, script } from '../../client/bundle.ts';
import type { connect } from '../../client/browser/connect.ts';
import { fakeConnection } from '../../client/testing/testing.ts';
import { settle } from './browser/fake-clock.ts';
import { ClientHarness } from './browser/client-harness.ts';

interface Built {
  readonly connect: typeof connect;
}

let built: Built;
let harness = new ClientHarness();

const newHarness = (): ClientHarness => Object.assign(new ClientHarness(), { connect: built.connect });

beforeAll(async () => {
  const { code } = await bundleModule('client');
  built = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Built;
});

afterEach(() => harness.close());

const sizeOf = ({ code }: { readonly code: string }): number => gzipSync(code, { level: 9 }).length;

test('no entry is larger than it may be: the client has 8 KiB at most', async () => {
  const limited = entryNames.filter((name) => 'maxBytes' in entries[name]);
  const limits = Object.fromEntries(
    entryNames.map((name) => [name, { maxBytes: Infinity, ...entries[name] }.maxBytes]),
  );
  for (const name of limited) expect(sizeOf(await bundleModule(name))).toBeLessThanOrEqual(limits[name] ?? 0);
  expect(sizeOf(await bundleScript())).toBeLessThanOrEqual(script.maxBytes ?? 0);
  expect(limits['client']).toBe(8 * 1_024);
});

test('the built client receives, shares, renews, retries and gives up as its source does', async () => {
  harness = newHarness();
  const attempts = 2;
  const failing = harness.open({ attempts });
  const rejected: string[] = [];
  failing.events.addEventListener('message', ({ data }) => {
    if (data.n === 2) throw new Error('no');
  });
  failing.events.addEventListener('rejected', ({ message }) => rejected.push(message.id));
  const other = harness.show({ attempts });
  await settle();
  harness.sqs.revoke();
  harness.sqs.send({ n: 1 }, 'a');
  harness.sqs.send({ n: 2 }, 'b');
  await harness.clock.advance(20_000);
  expect(other.shown).toEqual(['a', 'b']);
  expect(rejected).toEqual(['b']);
  expect(harness.renewals).toBe(1);
  expect([failing.events.leader, other.events.leader]).toEqual([true, false]);
  expect(harness.sqs.stored).toEqual([]);
  failing.tab.crash();
  harness.sqs.faults.push(() => new TypeError('network'));
  const loop = other.events[Symbol.asyncIterator]();
  harness.sqs.send({ n: 3 }, 'c');
  const next = loop.next();
  await harness.clock.advance(20_000);
  expect(await next).toMatchObject({ value: { id: 'c', data: { n: 3 } } });
  expect(other.states).toContainEqual(expect.objectContaining({ reason: 'network', attempt: 1 }));
  void other.events.close();
  await harness.clock.advance(2_000);
  expect(other.events.state).toEqual({ status: 'ended', reason: 'closed' });
});

test('the built fake connection has the members that it has in its source', async () => {
  const { code } = await bundleModule('testing');
  const entry = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    fakeConnection: typeof fakeConnection;
  };
  expect(Object.keys(entry.fakeConnection()).sort()).toEqual(Object.keys(fakeConnection()).sort());
});

test('the script defines what its page needs', async () => {
  harness = newHarness();
  const { code } = await bundleScript();
  await import(`data:text/javascript,${encodeURIComponent(code)}`);
  expect(Object.keys(Reflect.get(globalThis, 'sqsBrowser') as object).sort()).toEqual([
    'connect',
    'debugLog',
    'eventHistory',
    'fullJitter',
    'typed',
  ]);
});
