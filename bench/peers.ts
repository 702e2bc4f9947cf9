/**
 * `npm run bench:peers`: drives this service and Centrifugo in the same way on this machine, prints them side by side, and writes
 * bench/peers/results.json and docs/performance.md. The program is `centrifugo` in the path, or the one that CENTRIFUGO names.
 */
import { cpus } from 'node:os';
import type { Messaging } from './messaging.ts';
import { oneByOne, openListeners, saturate, steadily } from './messaging.ts';
import { ownMessaging } from './own-messaging.ts';
import { writtenPages } from './pages.ts';
import { startCentrifugo } from './peers/centrifugo.ts';
import type { Peers } from './peers/results.ts';
import { writePeers } from './peers/results.ts';
import { maxPutRecords } from './put-records.ts';
import { p50p99 } from './quantiles.ts';
import { readResults } from './results.ts';
import { environment } from '../operations/environment.ts';
import { startSubject } from './subject.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const opened = 600;
const openedAtOnce = 8;
const sessions = 100;
const rate = 500;

/** Figures by name, each with its unit. */
type Driven = ReadonlyMap<string, { readonly value: number; readonly unit: string }>;

/** Sessions a second that are opened, by eight clients at once. */
const openRate = async (messaging: Messaging<unknown>): Promise<number> => {
  const begin = performance.now();
  const client = async (first: number): Promise<void> => {
    for (let number = first; number < opened; number += openedAtOnce) await messaging.open(`o${number}`);
  };
  await Promise.all(Array.from({ length: openedAtOnce }, (_, first) => client(first)));
  return Math.round(opened / ((performance.now() - begin) / 1000));
};

const drive = async <S>(messaging: Messaging<S>): Promise<Driven> => {
  const open = await openRate(messaging);
  const name = 'n';
  const one = await oneByOne(messaging, { name, session: await messaging.open(name), count: 300 });
  const listeners = await openListeners(messaging, sessions);
  await steadily(listeners, { count: 2 * rate, rate });
  const steady = await steadily(listeners, { count: 8 * rate, rate });
  const saturated = await saturate(listeners, { count: 20_000, batch: maxPutRecords });
  const [single, many] = [p50p99(one.slice(20)), p50p99(steady)];
  return new Map([
    ['sessions opened by 8 clients', { value: open, unit: '/s' }],
    ['one message to one session, p50', { value: single.p50, unit: 'ms' }],
    ['one message to one session, p99', { value: single.p99, unit: 'ms' }],
    [`${rate}/s over ${sessions} sessions, p50`, { value: many.p50, unit: 'ms' }],
    [`${rate}/s over ${sessions} sessions, p99`, { value: many.p99, unit: 'ms' }],
    ['saturated', { value: saturated, unit: 'messages/s' }],
  ]);
};

const program = environment['CENTRIFUGO'] ?? 'centrifugo';
const centrifugo = await startCentrifugo(program).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
let theirs: Driven;
try {
  theirs = await drive(centrifugo.messaging);
} finally {
  await centrifugo.stop();
}
const subject = await startSubject();
let own: Driven;
try {
  own = await drive(ownMessaging(subject, 8000));
} finally {
  await subject.stop();
}
const peers: Peers = {
  measured: new Date().toISOString(),
  cpu: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`,
  peer: centrifugo.version,
  rows: [...own].map(([name, { value, unit }]) => ({ name, unit, own: value, peer: theirs.get(name)?.value ?? NaN })),
};
for (const { name, unit, own: is, peer } of peers.rows)
  console.log(
    `${name.padEnd(40)} sqs-browser ${String(is).padStart(8)}   Centrifugo ${String(peer).padStart(8)} ${unit}`,
  );
writePeers(peers);
for (const [path, text] of await writtenPages(readResults()))
  writeFileSync(join(import.meta.dirname, '..', path), text);
process.exit();
