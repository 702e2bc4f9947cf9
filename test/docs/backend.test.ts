import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as backend from '../../client/backend/backend.ts';
import { errors } from '../../client/shared/errors.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const page = read('docs', 'backend.md');
const sources = ['types', 'session-list', 'sessions'].map((name) => read('client', 'backend', `${name}.ts`)).join('\n');

/** The names of an interface's own members. */
const membersOf = (name: string): string[] => {
  const [, body = ''] = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([^]*?)^\\}`, 'm').exec(sources) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member]) => member ?? '');
};

/** The rows of the first table after a text: the cells of each. */
const rowsAfter = (text: string): string[][] => {
  const after = page.slice(page.indexOf(text) + text.length);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(after) ?? [];
  const rows = table.trimEnd().split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

const namesAfter = (text: string): string[] => rowsAfter(text).map(([name = '']) => name.replaceAll('`', ''));

test.each([
  ['BackendOptions', '`BackendOptions`'],
  ['CallOptions', '`CallOptions` are for one call'],
  ['ListOptions', '`ListOptions` are'],
  ['NotifyOptions', '`NotifyOptions` are'],
  ['PublishOptions', '`PublishOptions` are'],
])('the options of %s are all in the reference', (name, text) => {
  expect(page).toContain(text);
  expect(membersOf(name).length).toBeGreaterThan(0);
  expect(namesAfter(text)).toEqual(membersOf(name));
});

test('the methods are all in the reference', () => {
  const methods = Object.getOwnPropertyNames(backend.BackendClient.prototype).filter((name) => name !== 'constructor');
  expect(namesAfter('## Methods').toSorted()).toEqual(methods.toSorted());
});

test('the error classes are all in the reference', () => {
  const classes = Object.entries(backend).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof backend.SqsBrowserError ? [name] : [],
  );
  expect(namesAfter('## Errors').toSorted()).toEqual(classes.toSorted());
});

test('each error of the API is in the reference with its status and members', () => {
  const rows = new Map(rowsAfter('## Errors').map(([name = '', ...cells]) => [name.replaceAll('`', ''), cells]));
  for (const [name, { status, members }] of Object.entries(errors)) {
    const [shownStatus, shownMembers] = rows.get(name) ?? [];
    expect([name, shownStatus]).toEqual([name, name === 'UpstreamFailed' ? '5xx' : String(status)]);
    for (const member of members) expect([name, shownMembers]).toEqual([name, expect.stringContaining(member)]);
  }
});

test('every export is in the reference', () => {
  const exported = [...read('client', 'backend', 'backend.ts').matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.replace('type', '').trim())
    .filter((name) => /^[a-z]\w*$/i.test(name));
  expect(exported).toContain('BackendClient');
  expect(exported.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
});
