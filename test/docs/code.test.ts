/** The TypeScript of the documentation, as a strict compiler sees it. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { blocksOf, pageAt, root } from './pages.ts';

/** What a page takes to be there: functions of the application, and names from other blocks of the page. */
const given = `
  declare global {
    const showPaid: (invoice: { readonly amount: number }) => void;
    const showOnline: (online: boolean) => void;
    const invoices: readonly { readonly userId: number; readonly amount: number }[];
    const accountIds: readonly number[];
  }
  export {};
`;

const options: ts.CompilerOptions = {
  ...{
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: true,
  },
  ...{ allowImportingTsExtensions: true, types: ['node'], customConditions: ['@sqs-browser/source'] },
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/** What the compiler says about files that are not there but for it. */
const check = (files: Readonly<Record<string, string>>): readonly string[] => {
  const host = ts.createCompilerHost(options);
  const folder = join(root, 'docs');
  const texts = new Map(Object.entries(files).map(([name, text]) => [join(folder, name), text]));
  const original = { getSourceFile: host.getSourceFile.bind(host), fileExists: host.fileExists.bind(host) };
  host.fileExists = (name) => texts.has(name) || original.fileExists(name);
  host.readFile = (name) => texts.get(name) ?? ts.sys.readFile(name);
  host.getSourceFile = (name, ...others) => {
    const text = texts.get(name);
    return text === undefined
      ? original.getSourceFile(name, ...others)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2024);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()]
    .flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)))
    .map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
};

const blocks = blocksOf(pageAt('docs/migrating.md'), 'ts');
const [ask = '', backend = '', ...others] = blocks;

const stream = `
  import { BackendClient } from 'sqs-browser/backend';
  declare const env: Readonly<Record<string, string | undefined>>;
  export const client = new BackendClient({ apiUrl: 'https://a.test', streamName: env.STREAM });
`;

// In one program, which reads the libraries once.
const errors = check({
  ...Object.fromEntries(others.map((code, index) => [`block-${index}.ts`, `${code}\nexport {};`])),
  ...{ 'ask.ts': ask, 'backend.ts': backend, 'given.d.ts': given },
  ...{ 'stream.ts': stream, 'wrong.ts': stream.replace('env.STREAM', '1') },
});
const isOfWrong = (error: string): boolean => error.startsWith(`${join(root, 'docs', 'wrong.ts')}: `);

test('the code of the migration notes and a stream name from the environment compile', () => {
  expect(others).toHaveLength(6);
  expect(errors.filter((error) => !isOfWrong(error))).toEqual([]);
});

test('a stream name that is a number does not compile', () => {
  expect(errors.filter(isOfWrong)).toHaveLength(1);
});
