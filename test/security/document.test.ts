import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readCounts } from './counts.ts';

const file = await readFile(new URL('../../docs/security.md', import.meta.url), 'utf8');
/** Without regard to where its lines end. */
const document = file.replace(/\s+/g, ' ');

/** Words around each count, as docs/security.md has them. */
const quoted = {
  isolationPrincipals: /has (\d+) principals/,
  isolationAttempts: /try (\d+) calls each/,
  isolationCells: /service: (\d+) cells/,
  isolationAllowed: /cells\. (\d+) are allowed/,
  grants: /roles have (\d+) grants/,
  grantsUnusedWithReason: /all are used but (\d+),/,
  leakErrors: /and (\d+) error answers/,
  hostileWireCases: /lists (\d+) requests/,
};

test('docs/security.md quotes what the tests counted', async () => {
  const figures = Object.entries(quoted).map(([name, words]) => [name, Number(words.exec(document)?.[1])]);
  expect(Object.fromEntries(figures)).toEqual(await readCounts());
});

test('CI tries as many hostile inputs as docs/security.md says', async () => {
  const ci = await readFile(new URL('../../.ci/run', import.meta.url), 'utf8');
  const [, said = ''] = /CI tries ([\d,]+)/.exec(document) ?? [];
  expect(ci).toContain(`HOSTILE_RUNS=${said.replaceAll(',', '')} `);
});
