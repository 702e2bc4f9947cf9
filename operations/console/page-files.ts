import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of the page, by their paths. */
export type PageFiles = Readonly<Record<string, { readonly type: string; readonly body: string }>>;

const folder = join(import.meta.dirname, 'page');

/** In a package that was installed the script lies bundled beside the command line. */
const built = join(import.meta.dirname, 'console-page.js');

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The page's script as one module. */
export const bundlePage = async (): Promise<string> => {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'page.tsx')],
    format: 'esm',
    bundle: true,
    minify: true,
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
};

/** The page's files, bundled unless that was done when the package was built. */
export const readPageFiles = async (): Promise<PageFiles> => {
  const isBuilt = await exists(built);
  const [script, style] = await Promise.all([
    isBuilt ? readFile(built, 'utf8') : bundlePage(),
    readFile(isBuilt ? join(import.meta.dirname, 'console-page.css') : join(folder, 'page.css'), 'utf8'),
  ]);
  return {
    '/console/page.js': { type: 'text/javascript; charset=utf-8', body: script },
    '/console/page.css': { type: 'text/css; charset=utf-8', body: style },
  };
};
