#!/usr/bin/env node
/**
 * `npx sqs-browser`. A package that was installed has the built command line; in this repository the sources run, on the Node
 * that comes with it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'operations', 'cli', 'sqs-browser.ts');

if (existsSync(source)) {
  const ownNode = join(root, 'node_modules', 'node', 'bin', 'node');
  const node = existsSync(ownNode) ? ownNode : process.execPath;
  const flags = ['--no-warnings', '--conditions=@sqs-browser/source'];
  const child = spawn(node, [...flags, source, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Both get a Ctrl-C of the terminal; what is sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('close', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
} else {
  await import(new URL('../../dist/cli/sqs-browser.js', import.meta.url).href);
}
