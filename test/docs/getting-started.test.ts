/** The commands of docs/getting-started.md, as they stand there, against the whole service. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';
import { blocksOf, pageAt, root } from './pages.ts';

let service: Emulator;

beforeAll(async () => {
  service = await startService({});
});

afterAll(() => service.stop());

const [, curl = '', cli = ''] = blocksOf(pageAt('docs/getting-started.md'), 'sh');

const run = async (command: string): Promise<string> => {
  const there = command.replaceAll('http://127.0.0.1:4000', service.url);
  return (await promisify(execFile)('bash', ['-c', there], { cwd: root })).stdout;
};

test('a session is opened, and gets a message', async () => {
  const printed = await run(curl);
  expect(printed).toContain('"sessionId":"first"');
  expect(printed).toContain('"sessions":1,"delivered":1');
  // Without npx, which would start another process of npm; and with this service, not the one that a developer runs.
  const command = cli.replace(
    'npx sqs-browser',
    `"${process.execPath}" operations/cli/bin.js --endpoint ${service.url}`,
  );
  expect(await run(command)).toMatch(/first\b/);
});
