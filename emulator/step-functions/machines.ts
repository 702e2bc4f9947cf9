import type { EpochMilliseconds } from '../clock.ts';
import type { Machine } from './machine.ts';

/** The template's machines, for the actions. */
export interface Machines {
  readonly all: readonly Machine[];
  readonly created: EpochMilliseconds;
}
