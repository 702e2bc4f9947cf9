import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');

/** What each file imports of this repository, types included: eslint's import-x/no-cycle leaves out imports of types. */
const imports = new Map(
  globSync('{bench,client,emulator,examples,functions,infra,operations,test}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  }).map((file): [string, readonly string[]] => {
    const path = join(root, file);
    const found = readFileSync(path, 'utf8').matchAll(/^(?:import|export|\}) [^;]*?from '(\.[^']+)';/gm);
    return [path, Array.from(found, ([, imported = '']) => resolve(dirname(path), imported))];
  }),
);

/** The file, if it imports itself by others. */
const cycleFrom = (start: string): readonly string[] => {
  const seen = new Set<string>();
  const open = [...(imports.get(start) ?? [])];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === start) return [start.slice(root.length + 1)];
    if (seen.has(file)) continue;
    seen.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return [];
};

test('no file imports itself by others, not even its types', () => {
  expect(imports.size).toBeGreaterThan(500);
  expect([...imports.keys()].flatMap(cycleFrom)).toEqual([]);
});
