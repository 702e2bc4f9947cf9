import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

export interface Declared {
  /** The folder that the sources' paths begin in. */
  readonly root: string;
  /** The entries' sources, from there. */
  readonly sources: readonly string[];
  /** Where `types/` and `cjs/` go. */
  readonly target: string;
}

/**
 * Writes the entries' declarations twice, into `types/` for `import` and into `cjs/` for `require`: TypeScript reads a `.d.ts` as
 * that kind of module which the next package.json says.
 * https://www.typescriptlang.org/docs/handbook/modules/reference.html#module-format-detection
 * @throws Error with what the compiler says
 */
export const emitDeclarations = async ({ root, sources, target }: Declared): Promise<void> => {
  const program = ts.createProgram(
    sources.map((source) => join(root, source)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
      types: ['node'],
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true },
      ...{ allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true },
      customConditions: ['@sqs-browser/source'],
      ...{ declaration: true, emitDeclarationOnly: true, rootDir: root, outDir: root },
    },
  );
  const files = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    // The declarations stand for files called .js.
    files.set(path.slice(root.length + 1), text.replaceAll(/((?:from|import\() ?["']\.[^"']*)\.ts(["'])/g, '$1.js$2'));
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(ts.formatDiagnostics(problems, ts.createCompilerHost({})));
  for (const folder of ['types', 'cjs']) {
    for (const [path, text] of files) {
      await mkdir(dirname(join(target, folder, path)), { recursive: true });
      await writeFile(join(target, folder, path), text);
    }
  }
  await writeFile(join(target, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
};
