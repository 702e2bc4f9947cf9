import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Held } from '../many-sessions/held.ts';
import { heldSchema } from '../many-sessions/held.ts';
import type { Measured } from '../measure.ts';

const wanted = 500_000;
/** Seconds after which it stops with what it has. */
const longest = 300;

const mebibyte = 1024 * 1024;

const tenth = (value: number): number => Math.round(10 * value) / 10;

/**
 * So many sessions in one emulator with the heap that Node.js allows by default. Each is made by the AWS calls of a create, and by no execution
 * and no function: the logs, which are kept up to a limit, do not grow.
 */
export const measureManySessions = async ({ sessions = wanted, seconds = longest } = {}): Promise<Measured> => {
  const child = fork(
    join(import.meta.dirname, '..', 'many-sessions', 'process.ts'),
    [`${sessions}`, `${seconds * 1000}`],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...process.execArgv, '--expose-gc'],
    },
  );
  let held: Held = { sessions: 0 };
  child.on('message', (message) => {
    held = heldSchema.parse(message);
  });
  await once(child, 'exit');
  const { whole } = held;
  const beside = `emulator, ${held.sessions.toLocaleString('en-US')} sessions`;
  return {
    figures: [
      { name: 'emulator, sessions in one process', value: held.sessions, unit: 'sessions', aim: `>= ${wanted}` },
      ...(whole
        ? [
            {
              name: 'emulator, memory of a further session, logs apart',
              value: tenth(whole.bytesPerSession / 1024),
              unit: 'KiB',
              aim: '<= 6',
            },
            { name: `${beside}: memory in use`, value: Math.round(whole.bytes / mebibyte), unit: 'MiB' },
            {
              name: "emulator, Node.js' default limit of memory here",
              value: Math.round(whole.limit / mebibyte),
              unit: 'MiB',
            },
            { name: `${beside}: a create beside them, p50`, value: whole.create, unit: 'ms' },
          ]
        : []),
    ],
  };
};
