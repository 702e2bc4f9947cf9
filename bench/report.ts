/** Writes the figures of bench/results.json into docs/performance.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFigures } from './performance-page.ts';
import { readResults } from './results.ts';

const page = join(import.meta.dirname, '..', 'docs', 'performance.md');
writeFileSync(page, await withFigures(readFileSync(page, 'utf8'), readResults()));
