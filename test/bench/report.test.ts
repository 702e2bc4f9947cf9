import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { costPage } from '../../bench/cost/page.ts';
import { withFigures } from '../../bench/performance-page.ts';
import { readResults } from '../../bench/results.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const page = (name: string): Promise<string> => readFile(join(docs, name), 'utf8');

test('docs/cost.md is what npm run cost writes', async () => {
  expect(await page('cost.md')).toBe(await costPage(readResults()));
});

test('docs/performance.md has the figures of bench/results.json', async () => {
  const text = await page('performance.md');
  expect(text).toBe(await withFigures(text, readResults()));
});

test('a page without a place for the figures is refused', async () => {
  await expect(withFigures('# Nothing', readResults())).rejects.toThrow('docs/performance.md has no');
});

test('a missed aim tells by how much', async () => {
  const figures = [
    { name: 'slow', value: 45, unit: 'ms', aim: '< 15' },
    { name: 'few', value: 200, unit: '/s', aim: '> 300' },
    { name: 'good', value: 1, unit: 'ms', aim: '< 15' },
  ];
  const begin = '<!-- figures: begin; written by npm run bench -->';
  const text = await withFigures(`${begin}\n<!-- figures: end -->\n`, { ...readResults(), figures });
  expect(text).toMatch(/slow .*45 ms.*\*\*missed\*\*: 3\.0 times the aim/);
  expect(text).toMatch(/few .*200 \/s.*\*\*missed\*\*: the aim is 1\.5 times as much/);
  expect(text).toMatch(/good .*1 ms.* met/);
});
