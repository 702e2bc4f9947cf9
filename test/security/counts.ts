import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';

const countsSchema = z.record(z.string(), z.number());

const file = new URL('../../docs/security-counts.json', import.meta.url);

type Counts = Readonly<Record<string, number>>;

export const readCounts = async (): Promise<Counts> => countsSchema.parse(JSON.parse(await readFile(file, 'utf8')));

export const writeCounts = async (counted: Counts): Promise<void> => {
  await writeFile(file, `${JSON.stringify({ ...(await readCounts()), ...counted }, undefined, 2)}\n`);
};

/** Holds the file that docs/security.md quotes to what a test counted; `UPDATE_COUNTS=1` with `-i` writes it instead. */
export const expectCounts = async (counted: Counts): Promise<void> => {
  if (process.env['UPDATE_COUNTS'] !== undefined) return writeCounts(counted);
  const written = await readCounts();
  assert.deepEqual({ ...written, ...counted }, { ...written }, 'docs/security-counts.json is out of date');
};
