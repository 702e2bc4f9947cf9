import { setTimeout } from 'node:timers/promises';
import type { Terminal } from './terminal.ts';

/** Milliseconds between two looks. */
const interval = 1_000;

/** Calls `look` again and again until the person ends it. */
export const follow = async ({ signal }: Terminal, look: () => Promise<void>): Promise<void> => {
  while (!signal.aborted) {
    await look();
    await setTimeout(interval, undefined, { signal }).catch(() => undefined);
  }
};
