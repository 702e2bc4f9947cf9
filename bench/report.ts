/** `npm run cost`: writes the pages that have figures and prices anew from bench/results.json, as `npm run bench` does at its end. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writtenPages } from './pages.ts';
import { readResults } from './results.ts';

for (const [path, text] of await writtenPages(readResults()))
  writeFileSync(join(import.meta.dirname, '..', path), text);
