import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { minify } from 'terser';
import { ownMembers } from './own-members.ts';

export interface Entry {
  /** The entry's source, in client/. */
  readonly source: string;
  readonly platform: 'browser' | 'node';
  /** How many bytes it may have as a module, gzipped. Default: any. */
  readonly maxBytes?: number;
  /** Whether its own members get short names: nothing of what is in it may be known to users by such a name. Default false. */
  readonly mangles?: boolean;
}

/** What the package exports: `sqs-browser/<name>`. */
export const entries = {
  client: { source: 'browser/connect.ts', platform: 'browser', maxBytes: 8_192, mangles: true },
  /** What `sqs-browser/client` is on a server. */
  server: { source: 'browser/server.ts', platform: 'browser', mangles: true },
  typed: { source: 'browser/typed.ts', platform: 'browser', maxBytes: 1_000 },
  history: { source: 'browser/history.ts', platform: 'browser', maxBytes: 1_500 },
  debug: { source: 'browser/debug.ts', platform: 'browser', maxBytes: 500 },
  react: { source: 'react/react.ts', platform: 'browser', maxBytes: 1_000 },
  testing: { source: 'testing/testing.ts', platform: 'browser', maxBytes: 4_000 },
  backend: { source: 'backend/backend.ts', platform: 'node' },
} as const satisfies Readonly<Record<string, Entry>>;

export type EntryName = keyof typeof entries;

export const entryNames: readonly EntryName[] = Object.keys(entries).filter((name): name is EntryName =>
  Object.hasOwn(entries, name),
);

/** The script for `<script src>`, which defines the global `sqsBrowser` with all that a page can use. */
export const script: Entry = { source: 'browser/script.ts', platform: 'browser', maxBytes: 10_000, mangles: true };

export interface Bundle {
  readonly code: string;
  /** The source map, with the sources in it. */
  readonly map: string;
}

/** What users install themselves, if they need it, and this package's other entries. */
const external = ['@aws-sdk/credential-provider-node', 'react', 'sqs-browser/client', 'sqs-browser/typed'];

const run = async (outfile: string, options: BuildOptions): Promise<Bundle> => {
  const { outputFiles = [] } = await build({
    ...{ bundle: true, outfile, write: false, sourcemap: 'linked' },
    // The licences of what is in it.
    legalComments: 'eof',
    ...options,
  });
  const [map = '', code = ''] = ['.map', ''].map(
    (end) => outputFiles.find(({ path }) => path.endsWith(`${outfile}${end}`))?.text,
  );
  return { code, map };
};

/** Makes a bundle smaller than esbuild can. */
const shrink = async ({ code, map }: Bundle, outfile: string): Promise<Bundle> => {
  const { code: small = '', map: smallMap } = await minify(code, {
    ...{ module: true, ecma: 2020, compress: { passes: 3, pure_getters: true, unsafe: true } },
    sourceMap: { content: map, includeSources: true, url: `${outfile}.map` },
  });
  return { code: small, map: typeof smallMap === 'string' ? smallMap : JSON.stringify(smallMap) };
};

/** An entry as one file without dependencies. */
const bundle = async (
  { source, platform, mangles = false }: Entry,
  format: 'esm' | 'cjs' | 'iife',
  outfile: string,
): Promise<Bundle> => {
  const options: BuildOptions = {
    ...{ entryPoints: [join(import.meta.dirname, source)], format, platform },
    external: format === 'iife' ? [] : external,
  };
  if (platform === 'node') return run(outfile, { ...options, target: 'node20' });
  const whole = await run(outfile, {
    ...{ ...options, target: 'es2022', ...(mangles && { mangleProps: new RegExp(`^(${ownMembers.join('|')})$`) }) },
    minifySyntax: true,
    // Fields that constructors set need no declaration.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    ...(format === 'iife' && { conditions: ['@sqs-browser/source'] }),
  });
  return shrink(whole, outfile);
};

/** An entry as a module, for `import`. */
export const bundleModule = (name: EntryName): Promise<Bundle> => bundle(entries[name], 'esm', `${name}.js`);

/** An entry as a CommonJS module, for `require`. */
export const bundleCommonJs = (name: EntryName): Promise<Bundle> => bundle(entries[name], 'cjs', `${name}.cjs`);

export const bundleScript = (): Promise<Bundle> => bundle(script, 'iife', 'sqs-browser.min.js');
