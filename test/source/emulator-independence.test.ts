import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const emulator = join(import.meta.dirname, '..', '..', 'emulator');

const files = readdirSync(emulator, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
  .map((entry) => join(entry.parentPath, entry.name));

/** What only this project has: its name, its paths, its functions, its outputs, its errors. */
const names =
  /sqs.?browser|browser.?role|local-outputs|'\/example\b|\/(create|notify|renew|destroy|status)\/|make-?queue|route-?messages|make-?identity|UpstreamFailed|MessageTooLarge|SessionNotFound/i;

const { dependencies } = JSON.parse(readFileSync(join(emulator, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

test('no file of the emulator imports from outside its folder', () => {
  const outside = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:from|import\(|import) '(\.[^']+)'/g)]
        .map(([, path = '']) => relative(emulator, resolve(dirname(file), path)))
        .filter((path) => path.startsWith('..')),
    );
  expect(outside).toEqual([]);
});

test('the sources of the emulator import only what its package depends on', () => {
  const imported = files
    .filter((file) => file.endsWith('.ts') && !file.startsWith(join(emulator, 'test')))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^import (?!type )[^;]*?from '([^.'][^']*)';/gm)].map(
        ([, name = '']) => name,
      ),
    )
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  expect(imported.filter((name) => !(name in dependencies))).toEqual([]);
  expect(new Set(imported).size).toBeGreaterThan(1);
});

test('no file of the emulator names this project or anything of it', () => {
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (names.test(line) ? [`${relative(emulator, file)}:${index + 1} ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
