import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', 'emulator');

/** Files that imitate nothing of AWS, and why. All others name the source of what they imitate. */
const mechanics: readonly (readonly [files: RegExp, reason: string])[] = [
  [/(^|\/)index\.ts$/, 'joins the files of its folder'],
  [/^persistence\//, 'keeps state in a database'],
  [/(^|\/)(kept-\w+|compact-events|heap|recently-used|listeners)\.ts$/, 'is a data structure'],
  [
    /(^|\/)(state|machines|scope|json|json-values|values|schema|fields|\w+-error|read-properties)\.ts$/,
    'reads or types values',
  ],
  [/^(calls|clock|control|emulator|interceptors|options|resources|server|service|site)\.ts$/, "is the emulator's own"],
  [/^protocols\/(exchange|http|http-refusals|http-versions)\.ts$/, "is Node's HTTP"],
  [/^lambda\/(functions|function-logs)\.ts$/, 'starts threads and collects their output'],
  [
    /^(api-gateway\/(nearest-route|render-mapping-template)|step-functions\/run-state-machine)\.ts$/,
    'is for developers',
  ],
];

const filesIn = (...endings: readonly string[]): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !/^(test|node_modules)\//.test(path) && endings.some((ending) => path.endsWith(ending)));

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A link, a service model of the SDK, or the word that there is none. An import names no source. */
const namesSource = (path: string): boolean =>
  /https:\/\/|@aws-sdk\/client-|\bAssumed\b/.test(textOf(path).replaceAll(/^import .*$/gm, ''));

const code = filesIn('.ts');

const isMechanics = (path: string): boolean => mechanics.some(([files]) => files.test(path));

test('every file that imitates AWS names its source', () => {
  expect(code.filter((path) => !isMechanics(path) && !namesSource(path))).toEqual([]);
});

test.each(mechanics)('files of %s need no source', (files) => {
  expect(code.some((path) => files.test(path) && !namesSource(path))).toBe(true);
});

/** What `find` finds in each file, with the file's path. */
const inAllFiles = (find: (text: string) => readonly string[]): readonly string[] =>
  [...code, ...filesIn('.md')].flatMap((path) => find(textOf(path)).map((found) => `${path}: ${found}`));

test("a link to AWS's documentation is a whole one, to a page", () => {
  const link = /https:\/\/docs\.aws\.amazon\.com[^\s)>`'"|]*/g;
  const isPage = (url: string): boolean => /\.html(#[\w.-]+)?$/.test(url.replace(/[.,:;]+$/, ''));
  expect(inAllFiles((text) => (text.match(link) ?? []).filter((url) => !isPage(url)))).toEqual([]);
});

test('a source that is named has its link', () => {
  const isBare = (line: string): boolean => /\bSources?: /.test(line) && !line.includes('https://');
  expect(inAllFiles((text) => text.split('\n').filter(isBare))).toEqual([]);
});
