/** The pages of the documentation that are written from bench/results.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costPage } from './cost/page.ts';
import { withPrices } from './cost/quoted-prices.ts';
import { withFigures } from './performance-page.ts';
import type { Results } from './results.ts';

const root = join(import.meta.dirname, '..');

/** Pages that quote prices. */
export const quotingPages = ['docs/alternatives.md', 'docs/production.md', 'docs/quotas.md'] as const;

/** The text that each page should have, by its path. @throws Error when a page has no place for it */
export const writtenPages = async (results: Results): Promise<ReadonlyMap<string, string>> => {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const quoting = quotingPages.map(async (path) => [path, await withPrices(read(path), results)] as const);
  return new Map([
    ['docs/performance.md', await withFigures(read('docs/performance.md'), results)],
    ['docs/cost.md', await costPage(results)],
    ...(await Promise.all(quoting)),
  ]);
};
