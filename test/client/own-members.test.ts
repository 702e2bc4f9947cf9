import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
// IndexedDB, among the interfaces of browsers.
import 'fake-indexeddb/auto';
import { ownMembers } from '../../client/own-members.ts';

/** What others know by its name: users, other tabs, other scripts of the page. */
const publicFiles = [
  ...['types', 'events', 'event', 'environment', 'tab-message', 'standard-schema', 'typed', 'debug', 'history'],
  'history-database',
];

/** The names of members that a file declares. */
const membersIn = async (file: string): Promise<string[]> => {
  const text = await readFile(new URL(`../../client/browser/${file}.ts`, import.meta.url), 'utf8');
  return [...text.matchAll(/(?:^ {2}|\| \{ |; )(?:readonly |get |override )*(\w+)\??[:(<]/gm)].map(
    ([, name = '']) => name,
  );
};

/** The names of members that the language and the browser's interfaces have. */
const membersOfLanguage = (): string[] => {
  const globals = Object.getOwnPropertyNames(globalThis).map((name): unknown => Reflect.get(globalThis, name));
  const prototypes = globals.filter((value) => typeof value === 'function').map(({ prototype }): unknown => prototype);
  return [...prototypes, Array, Date, JSON, Math, Number, Object, Promise, String, Symbol]
    .filter((value) => Object(value) === value)
    .flatMap((value) => Object.getOwnPropertyNames(value));
};

test('a member that gets a short name is known to nobody else', async () => {
  const foreign = new Set([...(await Promise.all(publicFiles.map(membersIn))).flat(), ...membersOfLanguage()]);
  // A check that the names were found at all.
  expect([...foreign]).toEqual(
    expect.arrayContaining(['sqsUrl', 'visibilityTimeout', 'messages', 'join', 'getReader']),
  );
  expect(ownMembers.filter((name) => foreign.has(name))).toEqual([]);
});
