import { afterAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../../operations/start/make-folder.ts';
import { explainStartError } from '../../../operations/start/start-settings.ts';

const folder = await mkdtemp(join(tmpdir(), 'folders-'));
afterAll(() => rm(folder, { recursive: true }));

test('a folder is made with those above it, and may be there', async () => {
  const made = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(made), makeFolder(made)]);
  await makeFolder(made);
  expect((await stat(made)).isDirectory()).toBe(true);
});

test('a folder that nobody can make is refused with its path', async () => {
  const error: unknown = await makeFolder('/proc/none/a').catch((reason: unknown) => reason);
  expect(explainStartError(error, 4000)).toMatch(/^\/proc(\/none)? cannot be written: /);
});
