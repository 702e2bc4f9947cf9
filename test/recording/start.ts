import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before a run: makes the folder into which each file of tests writes its recorded calls. */
export default async (): Promise<void> => {
  process.env['CALL_RECORDS'] = await mkdtemp(join(tmpdir(), 'call-records-'));
};
