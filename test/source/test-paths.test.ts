import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');

/** Suites of the whole service, or of the whole repository. README.md names them. */
const ofTheWhole = 'acceptance browser conformance dispatch docs engines lifecycle package security source'.split(' ');

/** What can be tested: a program, a machine, or a page of the documentation. */
const endings = ['.ts', '.tsx', '.js', '.asl.json', '.md'];

const sources = new Set(
  globSync('{bench,client,docs,emulator,examples,functions,infra,operations,statemachines}/**', {
    cwd: root,
    exclude: ['**/node_modules/**', '**/dist/**', '**/test/**'],
  }),
);

const isFile = (path: string): boolean => endings.some((ending) => sources.has(path + ending));

/** `emulator/test/sqs/queue` tests `emulator/sqs/queue`, `test/infra/tasks` tests `infra/tasks`. */
const subjectOf = (file: string): string =>
  file
    .replace(/\.test\.tsx?$/, '')
    .replace(/^emulator\/test\//, 'emulator/')
    .replace(/^test\//, '');

const parent = (path: string): string => path.slice(0, path.lastIndexOf('/'));

test('a unit test stands at the path of what it tests, or in a folder of that name', () => {
  const files = globSync('{test,emulator/test}/**/*.test.{ts,tsx}', { cwd: root });
  expect(files.length).toBeGreaterThan(150);
  const units = files.filter((file) => !ofTheWhole.some((folder) => file.startsWith(`test/${folder}/`)));
  const astray = units.filter((file) => {
    const subject = subjectOf(file);
    return !isFile(subject) && !sources.has(subject) && !isFile(parent(subject));
  });
  expect(astray).toEqual([]);
});
