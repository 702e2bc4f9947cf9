import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { contextNames } from '../../infra/context.ts';

const read = (page: string): string => readFileSync(join(import.meta.dirname, '..', '..', page), 'utf8');

test('every context value is said to be changeable on a live stage or not', () => {
  const [, section = ''] = read('docs/quotas.md').split('## What can be changed on a live stage');
  expect(contextNames.filter((name) => !section.includes(`\`${name}`))).toEqual([]);
});

test('every context value has its row in README', () => {
  const rows = [...read('README.md').matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
  expect(rows).toEqual(expect.arrayContaining([...contextNames]));
});
