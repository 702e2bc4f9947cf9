import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before a run: where its files of tests put down what the roles did. */
export default async (): Promise<void> => {
  process.env['CALL_RECORDS'] = await mkdtemp(join(tmpdir(), 'call-records-'));
};
