import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { ConfigurationError } from './configuration-error.ts';
import { taskNames } from './tasks.ts';

/** The folder of each function's bundle: one file, `handler.mjs`, that exports `handler`. */
export type FunctionBundles = Readonly<Record<string, string>>;

export interface BundleOptions {
  /** Where the functions' folders are, each with its handler.ts. */
  readonly sources: string;
  /** Where the bundles go. */
  readonly outdir: string;
}

/** CommonJS packages inside an ES module still call require for Node's own modules. */
const requireBanner = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * Bundles every function in one call of esbuild; the same sources give the same bytes.
 * @throws ConfigurationError naming the handlers that do not exist.
 */
export const bundleFunctions = async ({ sources, outdir }: BundleOptions): Promise<FunctionBundles> => {
  const handlers = taskNames.map((name) => ({ in: join(sources, name, 'handler.ts'), out: join(name, 'handler') }));
  const missing = handlers
    .filter((handler) => !existsSync(handler.in))
    .map((handler) => relative(process.cwd(), handler.in));
  if (missing.length > 0) {
    throw new ConfigurationError(
      `These handlers do not exist, so there is nothing to bundle for them: ${missing.join(', ')}.`,
    );
  }
  await build({
    entryPoints: handlers,
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    banner: { js: requireBanner },
    minify: true,
    // Errors are told apart by the names of their classes.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  return Object.fromEntries(taskNames.map((name) => [name, join(outdir, name)]));
};
