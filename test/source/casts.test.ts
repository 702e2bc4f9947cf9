import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

/**
 * The most casts (`x as T`, `x!`; not `as const`) that 1,000 lines of a folder may have. The aim is 2 everywhere: after removing casts,
 * lower the folder's limit. The rules of typescript-eslint forbid all casts or none, and know no folders.
 */
const limits: Readonly<Record<string, number>> = {
  bench: 2,
  client: 2,
  emulator: 1,
  'emulator/test': 2,
  examples: 2,
  functions: 2,
  infra: 2,
  operations: 2,
  test: 3.1,
};

const root = join(import.meta.dirname, '..', '..');

const parse = async (file: string): Promise<ts.SourceFile> =>
  ts.createSourceFile(relative(root, file), await readFile(file, 'utf8'), ts.ScriptTarget.Latest, true);

const readSources = async (folder: string): Promise<readonly ts.SourceFile[]> => {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter(({ name }) => /(?<!\.d)\.tsx?$/.test(name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.includes(`${sep}node_modules${sep}`));
  return Promise.all(files.map(parse));
};

const folders = (await readdir(root, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory() && !/^(node_modules|dist|cdk\.out|coverage|\..*)$/.test(entry.name))
  .map(({ name }) => name);
const allSources = (await Promise.all(folders.map(readSources))).flat();

const isCast = (node: ts.Node): boolean =>
  ts.isNonNullExpression(node) ||
  (ts.isAssertionExpression(node) && !(ts.isTypeReferenceNode(node.type) && node.type.getText() === 'const'));

const castsIn = (file: ts.SourceFile): readonly string[] => {
  const casts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isCast(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      casts.push(`${file.fileName}:${line + 1} ${node.getText()}`);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return casts;
};

/** The folder whose limit counts for a file. */
const folderOf = ({ fileName }: ts.SourceFile): string | undefined =>
  Object.keys(limits)
    .filter((folder) => fileName.startsWith(folder + sep))
    .sort((a, b) => b.length - a.length)[0];

it.each(Object.entries(limits))('%s has at most %s casts in 1,000 lines', (folder, limit) => {
  const sources = allSources.filter((file) => folderOf(file) === folder);
  const lines = sources.reduce((sum, file) => sum + file.getLineStarts().length - 1, 0);
  const casts = sources.flatMap(castsIn);
  expect({ casts: (1_000 * casts.length) / lines <= limit ? [] : casts }).toEqual({ casts: [] });
});

it('counts `as` and `!`, but not `as const` and renamed imports', () => {
  const code = "import { a as b } from 'c';\nconst d = b as string;\nconst e = b!;\nconst f = [1] as const;\n";
  const casts = castsIn(ts.createSourceFile('x.ts', code, ts.ScriptTarget.Latest, true));
  expect(casts).toEqual(['x.ts:2 b as string', 'x.ts:3 b!']);
});

it('has a limit for every folder with sources', () => {
  expect(allSources.filter((file) => folderOf(file) === undefined).map(({ fileName }) => fileName)).toEqual([]);
});
