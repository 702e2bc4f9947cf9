/** The README's backend and page, as they stand there, against the whole service. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';
import { launchChromium } from './chromium.ts';
import { portOf } from '../tools/port-of.ts';
import { serviceContext } from '../tools/identities.ts';
import { worstCase } from '../tools/worst-case.ts';

const root = join(import.meta.dirname, '..', '..');

let runtime: Emulator;
let browser: Browser;
let folder: string;
let backend: ChildProcess;
let url: string;

/** The first code block of that language after the heading. */
const blockIn = (readme: string, heading: string, language: string): string =>
  new RegExp(`^## ${heading}$[^]*?^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(readme)?.[1] ?? '';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
};

const isUp = async (): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

beforeAll(async () => {
  const built = spawnSync(process.execPath, ['client/build.ts'], { cwd: root, encoding: 'utf8' });
  expect(built).toMatchObject({ status: 0 });
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  // Within the package, so that it finds the package by its name.
  await mkdir(join(root, 'dist'), { recursive: true });
  folder = await mkdtemp(join(root, 'dist', 'readme-'));
  await writeFile(join(folder, 'backend.mjs'), blockIn(readme, 'In the backend', 'js'));
  await writeFile(join(folder, 'page.html'), blockIn(readme, 'Receiving in the browser', 'html'));
  runtime = await startService({ apiAuth: 'iam', worstCase, context: serviceContext });
  const port = await freePort();
  url = `http://127.0.0.1:${port}/`;
  const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  const env = { ...process.env, ...keys, API_URL: runtime.url, PORT: `${port}`, NODE_OPTIONS: '' };
  backend = spawn(process.execPath, ['backend.mjs'], { cwd: folder, env, stdio: 'inherit' });
  while (!(await isUp())) if (backend.exitCode !== null) throw new Error('The backend ended');
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  backend.kill();
  await runtime.stop();
  await rm(folder, { recursive: true, force: true });
});

test('an event arrives in the page', async () => {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto(url);
  await page.getByText('polling: listening').waitFor();
  await page.getByRole('button', { name: 'Hello' }).click();
  const item = page.getByRole('listitem');
  await item.waitFor();
  expect(await item.textContent()).toBe('Hello World');
  expect(problems).toEqual([]);
});
