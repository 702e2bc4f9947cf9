import { expect, test } from '@jest/globals';
import { build } from 'esbuild';

/**
 * The files of ours with code that these tasks run: their handlers, what those import, and what that imports, each counted once.
 * Modules of packages do not count, and neither do files that are imported for their types alone, such as `aws/client-types.ts`.
 */
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

/** The tasks of a create of a new session, also with a pair of the pool. */
const create = ['start-create', 'issue-keys', 'make-queue', 'record-session'];

/** The tasks of an event from the stream to the queues. */
const event = ['router', 'route-messages', 'deliver-batch', 'count-deliveries'];

test.each([
  ['a create', 15, create],
  ['a create that refreshes, conflicts and fails', 18, [...create, 'set-policy', 'undo-create']],
  ['an event’s way', 28, event],
  ['an event’s way with everything that can fail', 31, [...event, 'continue-dispatch', 'send-dead-letters']],
])('%s is made of at most %i files', async (_, limit, tasks) => {
  const files = await importClosure(...tasks);
  expect(files).toEqual(expect.arrayContaining(tasks.map((task) => `functions/${task}/handler.ts`)));
  expect(files.length).toBeLessThanOrEqual(limit);
});
