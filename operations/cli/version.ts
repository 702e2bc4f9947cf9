import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** It is as far from the sources, in operations/cli, as from the bundle in dist/cli. */
const file = join(import.meta.dirname, '..', '..', 'package.json');

/** The package's version. */
export const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')));
