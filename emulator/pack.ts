/**
 * `npm run tarball`: makes a package of JavaScript and packs it into dist/, because Node.js runs no TypeScript in node_modules.
 * https://nodejs.org/api/typescript.html#type-stripping-in-dependencies
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = import.meta.dirname;
const target = mkdtempSync(join(tmpdir(), 'emulator-'));

const run = (command: string, ...parameters: readonly string[]): void => {
  execFileSync(command, parameters, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
};

/** The package's manifest with the compiled entry in place of the source, and without what only this folder needs. */
const manifest = (): object => {
  const source = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const kept = Object.entries(source).filter(([name]) => name !== 'scripts' && name !== 'private');
  const exports = { '.': { types: './index.d.ts', default: './index.js' } };
  return { ...Object.fromEntries(kept), engines: { node: '>=22.13' }, exports };
};

try {
  run('tsc', '-p', '.', '--outDir', target);
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
  cpSync(join(root, 'README.md'), join(target, 'README.md'));
  cpSync(join(root, 'docs'), join(target, 'docs'), { recursive: true });
  mkdirSync(join(root, 'dist'), { recursive: true });
  run('npm', 'pack', target, '--pack-destination', 'dist');
} finally {
  rmSync(target, { recursive: true, force: true });
}
