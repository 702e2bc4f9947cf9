/** What `npm run acceptance` says when it cannot begin. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';
import { startService } from '../../operations/start/service.ts';

const root = join(import.meta.dirname, '..', '..');
const service = await startService();
afterAll(() => service.stop());

const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** Runs it where no credentials and no Region are to be found but those given. */
const run = async (args: readonly string[], environment: Readonly<Record<string, string>>) => {
  const { PATH = '' } = process.env;
  const nowhere = join(root, 'node_modules', 'no-such-folder');
  const files = { HOME: nowhere, AWS_CONFIG_FILE: nowhere, AWS_SHARED_CREDENTIALS_FILE: nowhere };
  const env = { PATH, ...files, AWS_EC2_METADATA_DISABLED: 'true', ...environment };
  const script = ['--conditions=@sqs-browser/source', 'test/acceptance/run.ts', ...args];
  const child = spawn(process.execPath, script, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const said = await text(child.stderr);
  return { status: await closed, said: said.split('\n')[0] };
};

test.each([
  ['no target', [], {}, '--target is missing, but must be local, aws, or an'],
  ['no Region', ['--target', 'aws'], keys, 'There is no Region: give --region, or set AWS_REGION.'],
  ['no credentials', ['--target', 'aws', '--region', 'eu-west-1'], {}, 'There are no AWS credentials'],
  ['an unknown profile', ['--target', 'aws'], { AWS_PROFILE: 'nobody' }, 'There are no AWS credentials'],
  ['nobody at the endpoint', ['--target', 'http://127.0.0.1:9'], keys, 'Nothing answers'],
  ['no such stack', ['--target', service.url, '--stack', 'none'], keys, 'There is no stack none in us-east-1'],
])('with %s it says so in its first line', async (_what, args, environment, says) => {
  const { status, said } = await run(args, environment);
  expect(said).toContain(says);
  expect(status).toBe(2);
});
