import { expect, test } from '@jest/globals';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { taskNames } from '../../infra/tasks.ts';
import { bundleFunctions } from '../../infra/function-bundles.ts';
import { temporaryFolder, writeHandlers } from './synth.ts';

const bundle = async (sources: string, outdir: string): Promise<readonly string[]> => {
  const folders = Object.values(await bundleFunctions({ sources, outdir }));
  return Promise.all(folders.map((folder) => readFile(join(folder, 'handler.mjs'), 'utf8')));
};

test('gives every function a module of its own', async () => {
  await using folder = await temporaryFolder();
  await writeHandlers(folder.path);
  const bundles = await bundleFunctions({ sources: folder.path, outdir: join(folder.path, 'out') });
  expect(Object.keys(bundles)).toEqual([...taskNames]);
  for (const name of taskNames) {
    const module = (await import(join(bundles[name] ?? '', 'handler.mjs'))) as { handler: () => string };
    expect(module.handler()).toBe(name);
  }
});

test('gives the same bytes for the same sources', async () => {
  await using folder = await temporaryFolder();
  await writeHandlers(folder.path);
  const first = await bundle(folder.path, join(folder.path, 'first'));
  expect(await bundle(folder.path, join(folder.path, 'second'))).toEqual(first);
});

test('names the handlers that do not exist', async () => {
  await using folder = await temporaryFolder();
  await writeHandlers(
    folder.path,
    taskNames.filter((name) => name !== 'make-queue' && name !== 'router'),
  );
  await expect(bundleFunctions({ sources: folder.path, outdir: join(folder.path, 'out') })).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(/^These handlers .*make-queue\/handler\.ts, .*router\/handler\.ts\.$/),
  });
});

test('makes of our handlers bundles of at most 120 kB', async () => {
  await using folder = await temporaryFolder();
  const sources = join(import.meta.dirname, '..', '..', 'functions');
  const bundles = await bundleFunctions({ sources, outdir: folder.path });
  for (const name of taskNames) {
    const { size } = await stat(join(bundles[name] ?? '', 'handler.mjs'));
    expect(size).toBeLessThanOrEqual(120_000);
  }
});
