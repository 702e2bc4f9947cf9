import { expect, test } from '@jest/globals';
import { build } from 'esbuild';

/** Our own files that these tasks are made of: what their handlers import, and what that imports, each counted once. */
const importClosure = async (...tasks: readonly string[]): Promise<string[]> => {
  const { metafile } = await build({
    entryPoints: tasks.map((task) => `functions/${task}/handler.ts`),
    outdir: 'unused',
    bundle: true,
    format: 'esm',
    metafile: true,
    packages: 'external',
    platform: 'node',
    write: false,
  });
  return Object.keys(metafile.inputs);
};

/** What a reader has to open to follow a create of a new session. */
const create = ['find-session', 'make-identity', 'issue-keys', 'make-queue', 'record-session'];

/** What a reader has to open to follow an event from the stream to the queues. */
const event = ['router', 'route-messages', 'deliver-batch', 'count-deliveries'];

test.each([
  // With the pairs of the pool, from which a create takes one.
  ['a create', 16, create],
  ['a create that refreshes, conflicts and fails', 20, [...create, 'set-policy', 'undo-create']],
  ['an event’s way', 29, event],
  ['an event’s way with everything that can fail', 32, [...event, 'continue-dispatch', 'send-dead-letters']],
])('%s is made of at most %i files', async (_, limit, tasks) => {
  const files = await importClosure(...tasks);
  expect(files).toEqual(expect.arrayContaining(tasks.map((task) => `functions/${task}/handler.ts`)));
  expect(files.length).toBeLessThanOrEqual(limit);
});
