import { describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { temporaryFolder } from './synth.ts';

/** Runs the app as the CDK's command line tool does. */
const run = async (context: object): Promise<{ code: number | null; errors: string }> => {
  await using folder = await temporaryFolder();
  const app = join(import.meta.dirname, '..', '..', 'infra', 'app.ts');
  const env = { ...process.env, CDK_OUTDIR: folder.path, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const child = spawn(process.execPath, [app], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { errors: await text(child.stderr), code: await ended };
};

describe('a wrong context value', () => {
  test('ends the synthesis with one sentence and no stack trace', async () => {
    expect(await run({ keyHours: '13' })).toEqual({
      code: 1,
      errors: 'The context value keyHours=13 is not right: it must be a whole number of hours from 1 to 12.\n',
    });
  });
});

describe('a misspelt context value', () => {
  test('ends the synthesis with the right name', async () => {
    expect(await run({ queueprefix: 'a' })).toEqual({
      code: 1,
      errors: 'There is no context value queueprefix: did you mean queuePrefix?\n',
    });
  });
});
