import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Held } from '../many-sessions/held.ts';
import { heldSchema } from '../many-sessions/held.ts';
import type { Figure, Measured } from '../measure.ts';

/** Sessions unless `--sessions` says how many. */
export const defaultSessions = 100_000;
/** Milliseconds a session may take on average. After that the process stops with the sessions that it has. */
const maxMillisecondsPerSession = 3;

const mebibyte = 1024 * 1024;

const tenth = (value: number): number => Math.round(10 * value) / 10;

const wholeFigures = (sessions: number, whole: NonNullable<Held['whole']>): readonly Figure[] => {
  const { bytes, bytesPerSession, limit, create } = whole;
  const beside = `emulator, ${sessions.toLocaleString('en-US')} sessions`;
  const room = sessions + (limit - bytes) / bytesPerSession;
  return [
    {
      name: 'emulator, memory of a further session, without logs',
      value: tenth(bytesPerSession / 1024),
      unit: 'KiB',
      aim: '<= 6',
    },
    {
      name: "emulator, sessions that Node.js' default heap has room for, computed from that",
      value: 1000 * Math.floor(room / 1000),
      unit: 'sessions',
      aim: '>= 500000',
    },
    { name: `${beside}: memory in use`, value: Math.round(bytes / mebibyte), unit: 'MiB' },
    { name: `${beside}: a create beside them, p50`, value: create, unit: 'ms' },
  ];
};

/**
 * Many sessions in one emulator, with the heap that Node.js allows by default. Each is made by the AWS calls of a create, without executions
 * and functions, so that the logs do not grow.
 */
export const measureManySessions = async (sessions: number): Promise<Measured> => {
  const file = join(import.meta.dirname, '..', 'many-sessions', 'process.ts');
  const child = fork(file, [`${sessions}`, `${sessions * maxMillisecondsPerSession}`], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  let held: Held = { sessions: 0 };
  child.on('message', (message) => {
    held = heldSchema.parse(message);
  });
  await once(child, 'exit');
  const { whole } = held;
  return {
    figures: [
      { name: 'emulator, sessions in one process', value: held.sessions, unit: 'sessions', aim: `>= ${sessions}` },
      ...(whole ? wholeFigures(held.sessions, whole) : []),
    ],
  };
};
