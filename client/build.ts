/**
 * Builds the clients into dist/client/: `npm run build`. Prints what they weigh, and fails when the browser client is too
 * heavy or when a member of its public types is among those that are shortened.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import ts from 'typescript';
import { bundleBackendClient, bundleBrowserClient, internalMembers } from './bundle.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'dist', 'client');

/** What the browser client may weigh, bytes gzipped. */
const limit = 6_000;

/** The declarations of both clients, in dist/client/types. @throws Error with what the compiler says. */
const emitTypes = (): void => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      ...{ noEmit: false, declaration: true, emitDeclarationOnly: true },
      ...{ rootDir: 'client', outDir: 'dist/client/types' },
    },
    root,
  );
  const entries = ['browser/connect.ts', 'backend/backend.ts'].map((entry) => join(root, 'client', entry));
  const { diagnostics } = ts.createProgram(entries, options).emit(undefined, (path, text) => {
    // The declarations stand for files called .js.
    ts.sys.writeFile(path, text.replaceAll(/(from ["']\.[^"']*)\.ts(["'])/g, '$1.js$2'));
  });
  if (diagnostics.length) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
};

/** @throws Error if somebody outside could use a member that is shortened. */
const checkMembers = async (): Promise<void> => {
  for (const name of ['connect', 'environment', 'event', 'sign', 'types']) {
    const text = await readFile(join(target, 'types', 'browser', `${name}.d.ts`), 'utf8');
    const code = text.replaceAll(/\/\*[^]*?\*\//g, '');
    const exposed = internalMembers.filter((member) => new RegExp(`\\b${member}\\??[:(]`).test(code));
    if (exposed.length) throw new Error(`${name}.d.ts shows members that are shortened: ${exposed.join(', ')}`);
  }
};

/** Writes a file and says what it weighs, bytes gzipped. */
const write = async (name: string, code: string): Promise<number> => {
  const weight = gzipSync(code, { level: 9 }).length;
  console.log(`dist/client/${name}: ${Buffer.byteLength(code)} bytes, ${weight} gzipped`);
  await writeFile(join(target, name), code);
  return weight;
};

await mkdir(target, { recursive: true });
const weights = [
  await write('client.js', await bundleBrowserClient('module')),
  await write('sqs-browser.js', await bundleBrowserClient('script')),
];
await write('backend.js', await bundleBackendClient());
emitTypes();
await checkMembers();
if (Math.max(...weights) > limit) {
  console.error(`The browser client weighs more than ${limit} bytes gzipped`);
  process.exitCode = 1;
}
