import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { descriptions } from '../../../../infra/session-api/description/write.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

test('the descriptions in docs/ are those of the code', async () => {
  for (const [path, text] of Object.entries(await descriptions())) {
    // If it is not: node infra/session-api/description/write.ts
    expect(await readFile(join(root, path), 'utf8')).toBe(text);
  }
});
