import type { Figure } from './measure.ts';
import type { Counts } from './counts.ts';

/** CPU time that a measurement took. */
export interface Spent {
  /** The begin of the figures' names: `create, 8 clients`. */
  readonly what: string;
  /** How many of it were done. */
  readonly of: number;
  /** Milliseconds, as the measured service counted them. */
  readonly cpu: Counts['cpu'];
  /** process.cpuUsage() when the measurement began. */
  readonly start: NodeJS.CpuUsage;
  /** The aim of the functions' CPU: `<= 1.6`. */
  readonly aim?: string;
}

/**
 * Where the CPU went, in milliseconds for each of `of`: the thread that all emulated services share, the functions, and
 * the benchmark itself, which is producer and browser at once.
 */
export const cpuFigures = ({ what, of, cpu, start, aim }: Spent): readonly Figure[] => {
  const each = (milliseconds: number): number => Number((milliseconds / of).toFixed(2));
  const { user, system } = process.cpuUsage(start);
  const { services = 0, ...functions } = cpu;
  const inFunctions = Object.values(functions).reduce((sum, spent) => sum + spent, 0);
  return [
    { name: `${what}, CPU of the emulated services`, value: each(services), unit: 'ms' },
    { name: `${what}, CPU of the functions`, value: each(inFunctions), unit: 'ms', ...(aim && { aim }) },
    { name: `${what}, CPU of its users`, value: each((user + system) / 1000), unit: 'ms' },
  ];
};
