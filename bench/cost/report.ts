/** `npm run cost`: writes docs/cost.md from the calls that the benchmark counted and the published prices. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResults } from '../results.ts';
import { costPage } from './page.ts';

const text = await costPage(readResults());
writeFileSync(join(import.meta.dirname, '..', '..', 'docs', 'cost.md'), text);
console.log(text);
