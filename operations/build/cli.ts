/**
 * Builds the command line and `sqs-browser/local` into dist/cli/: bundles with the emulator and AWS's clients in them, the console's page, and
 * this project's own stack, synthesized, for `sqs-browser start` where there is no other one.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import * as z from 'zod/mini';
import { emitDeclarations } from '../../client/declarations.ts';
import { environment } from '../environment.ts';
import { bundlePage } from '../console/page-files.ts';

const root = join(import.meta.dirname, '..', '..');
const target = join(root, 'dist', 'cli');
const dynalite = join(root, 'node_modules', 'dynalite');

const replaced = (text: string, from: string, to: string): string => {
  if (text.split(from).length !== 2) throw new Error(`The source to bundle has not one ${from}`);
  return text.replace(from, () => to);
};

/** dynalite's modules by the names under which the emulator loads them: a bundle cannot load a module by its name. */
const dynaliteModules = async (): Promise<string> => {
  const names = await Promise.all(
    ['actions', 'validations'].map(async (folder) =>
      (await readdir(join(dynalite, folder))).map((file) => `dynalite/${folder}/${file.slice(0, -'.js'.length)}`),
    ),
  );
  const all = [...names.flat(), 'dynalite/db/index'];
  const imports = all.map((name, index) => `import module${index} from ${JSON.stringify(`${name}.js`)};`);
  const entries = all.map((name, index) => `${JSON.stringify(name.replace(/\/index$/, ''))}: module${index}`);
  return `${imports.join('\n')}\nconst load = (name) => ({ ${entries.join(', ')} })[name];`;
};

/** The part of the emulator's sources that depends on where its file is. */
const emulatorSources: Plugin = {
  name: 'emulator-sources',
  setup: (setUp) => {
    setUp.onLoad({ filter: /emulator\/dynamodb\/dynalite\.ts$/ }, async ({ path }) => ({
      contents: replaced(
        await readFile(path, 'utf8'),
        'const load = createRequire(import.meta.url);',
        await dynaliteModules(),
      ),
      loader: 'ts',
    }));
    // dynalite uses it for tables on disk only. It is native.
    setUp.onResolve({ filter: /^level$/ }, () => ({ path: 'level', namespace: 'absent' }));
    setUp.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export const Level = undefined;' }));
  },
};

const bundleCli = (): Promise<unknown> =>
  build({
    entryPoints: {
      'sqs-browser': join(root, 'operations', 'cli', 'sqs-browser.ts'),
      local: join(root, 'operations', 'local', 'local.ts'),
      thread: join(import.meta.dirname, 'thread.ts'),
    },
    outdir: target,
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20' },
    inject: [join(import.meta.dirname, 'node20.ts')],
    define: {
      ...{ 'Promise.withResolvers': 'withResolvers', 'Map.groupBy': 'groupBy' },
      // The SDK warns Node 20 of its later versions. This one is in the bundle, and runs there.
      'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"',
    },
    ...{ minifySyntax: true, minifyWhitespace: true, legalComments: 'linked' },
    conditions: ['@sqs-browser/source'],
    mainFields: ['module', 'main'],
    // Only a checkout has the example application, and bundles the console's page itself.
    external: ['esbuild', '*/examples/app/site.ts'],
    plugins: [emulatorSources],
    // CommonJS packages inside an ES module call require for Node's own modules.
    banner: {
      js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
    },
  });

const contextSchema = z.object({ context: z.optional(z.record(z.string(), z.unknown())) });

/** Synthesizes the stack as `npm start` does. */
const synthesizeStack = async (): Promise<void> => {
  const outdir = await mkdtemp(join(tmpdir(), 'stack-'));
  const { context } = contextSchema.parse(JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8')));
  await promisify(execFile)(process.execPath, [join(root, 'infra', 'app.ts'), '--outdir', outdir], {
    cwd: root,
    env: {
      ...{ PATH: environment['PATH'], CDK_VALIDATION: 'false' },
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, logDispatchData: 'true' }),
    },
  });
  const files = await readdir(outdir);
  const stack = join(target, 'stack');
  await mkdir(stack);
  for (const name of files.filter((file) => /^asset\.[0-9a-f]+$|\.template\.json$/.test(file))) {
    await cp(join(outdir, name), join(stack, name), { recursive: true });
  }
  await rm(outdir, { recursive: true });
};

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await bundleCli();
await writeFile(join(target, 'console-page.js'), await bundlePage());
await cp(join(root, 'operations', 'console', 'page', 'page.css'), join(target, 'console-page.css'));
await synthesizeStack();
await emitDeclarations({ root: join(root, 'operations', 'local'), sources: ['types.ts'], target });
await cp(join(target, 'types', 'types.d.ts'), join(target, 'types', 'types.d.cts'));
for (const [file, types] of [
  ['local.d.ts', './types.js'],
  ['local.d.cts', './types.cjs'],
] as const) {
  await writeFile(
    join(target, 'types', file),
    `export * from '${types}';\nexport declare const startLocal: import('${types}').StartLocal;\n`,
  );
}
await cp(join(root, 'operations', 'local', 'local.cjs'), join(target, 'local.cjs'));
