/** The emulator's thread for a function. Functions are made for Node 24; the thread has global objects of its own, and gets what they lack. */
import { groupBy, withResolvers } from './node20.ts';

for (const [target, name, value] of [
  [Map, 'groupBy', groupBy],
  [Promise, 'withResolvers', withResolvers],
] as const) {
  if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

await import('../../emulator/lambda/thread.ts');
