import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readCounts } from './counts.ts';

const document = await readFile(new URL('../../docs/security.md', import.meta.url), 'utf8');

/** Words around each count, as docs/security.md has them. */
const quoted = {
  isolationPrincipals: /has (\d+) principals/,
  isolationAttempts: /try (\d+) calls each/,
  isolationCells: /service: (\d+) cells/,
  isolationAllowed: /^(\d+) are allowed and listed/m,
  grants: /roles have (\d+) grants/,
  grantsUnusedWithReason: /grants are used but (\d+),/,
};

test('docs/security.md quotes what the tests counted', async () => {
  const figures = Object.entries(quoted).map(([name, words]) => [name, Number(words.exec(document)?.[1])]);
  expect(Object.fromEntries(figures)).toEqual(await readCounts());
});
