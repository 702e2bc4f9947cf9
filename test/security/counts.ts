import { readFile, writeFile } from 'node:fs/promises';
import { expect } from '@jest/globals';

const file = new URL('../../docs/security-counts.json', import.meta.url);

type Counts = Readonly<Record<string, number>>;

export const readCounts = async (): Promise<Counts> => JSON.parse(await readFile(file, 'utf8')) as Counts;

/** Holds the file that docs/security.md quotes to what a test counted; `UPDATE_COUNTS=1` with `-i` writes it instead. */
export const expectCounts = async (counted: Counts): Promise<void> => {
  const written = await readCounts();
  if (process.env['UPDATE_COUNTS'] !== undefined) {
    await writeFile(file, `${JSON.stringify({ ...written, ...counted }, undefined, 2)}\n`);
    return;
  }
  expect(written).toMatchObject(counted);
};
