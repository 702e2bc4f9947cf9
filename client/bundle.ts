import { join } from 'node:path';
import { build } from 'esbuild';

export interface Entry {
  /** The entry's source, in client/. */
  readonly source: string;
  readonly platform: 'browser' | 'node';
  /** How many bytes it may have, gzipped. Default: any. */
  readonly maxBytes?: number;
}

/** What the package exports: `sqs-browser/<name>`. */
export const entries = {
  client: { source: 'browser/connect.ts', platform: 'browser', maxBytes: 9_700 },
  /** What `sqs-browser/client` is on a server. */
  server: { source: 'browser/server.ts', platform: 'browser' },
  react: { source: 'react/react.ts', platform: 'browser', maxBytes: 1_000 },
  testing: { source: 'testing/testing.ts', platform: 'browser', maxBytes: 4_000 },
  backend: { source: 'backend/backend.ts', platform: 'node' },
} as const satisfies Readonly<Record<string, Entry>>;

export type EntryName = keyof typeof entries;

/** The script for `<script src>`, which defines the global `sqsBrowser`. */
const script: Entry = { source: 'browser/script.ts', platform: 'browser', maxBytes: 9_700 };

export interface Bundle {
  readonly code: string;
  /** The source map, with the sources in it. */
  readonly map: string;
}

/** What users install themselves, if they need it. */
const external = ['@aws-sdk/credential-provider-node', 'react', 'sqs-browser/client'];

/** An entry as one file without dependencies. */
const bundle = async (
  { source, platform }: Entry,
  format: 'esm' | 'cjs' | 'iife',
  outfile: string,
): Promise<Bundle> => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, source)],
    ...{ bundle: true, format, platform, external, outfile, write: false },
    target: platform === 'node' ? 'node20' : 'es2022',
    minify: platform === 'browser',
    sourcemap: 'linked',
    // The licences of what is in it.
    legalComments: 'eof',
  });
  const [map, code] = ['.map', ''].map(
    (end) => outputFiles.find(({ path }) => path.endsWith(`${outfile}${end}`))?.text,
  );
  return { code: code ?? '', map: map ?? '' };
};

/** An entry as a module, for `import`. */
export const bundleModule = (name: EntryName): Promise<Bundle> => bundle(entries[name], 'esm', `${name}.js`);

/** An entry as a CommonJS module, for `require`. */
export const bundleCommonJs = (name: EntryName): Promise<Bundle> => bundle(entries[name], 'cjs', `${name}.cjs`);

export const bundleScript = (): Promise<Bundle> => bundle(script, 'iife', 'sqs-browser.min.js');
