import { expect } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';

const page = new URL('../../docs/dispatch.md', import.meta.url);

/** The table's rows without the blanks that align them. */
const rowsOf = (table: string): string[] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| -+ \|/.test(line))
    .map((row) => row.replaceAll(/ +/g, ' '));

/**
 * Compares a table with the one that docs/dispatch.md has between the marks of this name; with `UPDATE_DOCS=1`, and all of its rows, writes
 * it there.
 */
export const expectTable = async (name: string, rows: string, isAll: boolean): Promise<void> => {
  const marked = new RegExp(`(<!-- ${name}: begin[^>]*-->\n)[^]*(\n<!-- ${name}: end -->)`);
  const table = await format(rows, { parser: 'markdown', printWidth: 120 });
  const text = await readFile(page, 'utf8');
  if (isAll && process.env['UPDATE_DOCS'] === '1') {
    await writeFile(
      page,
      text.replace(marked, (_all, begin: string, end: string) => `${begin}\n${table}${end}`),
    );
  }
  const shown = rowsOf(marked.exec(await readFile(page, 'utf8'))?.[0] ?? '');
  expect(shown).toEqual(isAll ? rowsOf(table) : expect.arrayContaining(rowsOf(table)));
};
