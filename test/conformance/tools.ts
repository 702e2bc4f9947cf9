import { join } from 'node:path';

/** Where install.sh puts the programs. */
export const tools = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'conformance');
