/**
 * Builds `sqs-browser/cdk` into dist/cdk/: the construct, the functions' bundles, the machines and the templates, in folders as in the
 * sources. A user's synthesis needs neither esbuild nor the sources.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { emitDeclarations } from '../../client/declarations.ts';
import { folders } from '../../infra/files.ts';
import { bundleFunctions } from '../../infra/function-bundles.ts';

const root = join(import.meta.dirname, '..', '..');
const target = join(root, 'dist', 'cdk');

/** The construct's own files are beside it; modules of both kinds find their folder in Node 20.0 as well. */
const formats: Readonly<Record<string, BuildOptions>> = {
  'cdk.js': {
    format: 'esm',
    define: { 'import.meta.dirname': 'moduleFolder' },
    banner: {
      js: "import { fileURLToPath } from 'node:url';\nconst moduleFolder = fileURLToPath(new URL('.', import.meta.url));",
    },
  },
  'cdk.cjs': { format: 'cjs', define: { 'import.meta.dirname': '__dirname' } },
};

await rm(target, { recursive: true, force: true });
for (const [file, options] of Object.entries(formats)) {
  await build({
    entryPoints: [join(root, 'infra', 'cdk.ts')],
    outfile: join(target, 'infra', file),
    ...{ bundle: true, platform: 'node', target: 'node20', sourcemap: 'linked', legalComments: 'eof' },
    // What a CDK app has already.
    external: ['aws-cdk-lib', 'constructs'],
    ...options,
  });
}
await bundleFunctions({ sources: folders.functions, outdir: join(target, 'functions') });
await cp(folders.machines, join(target, 'statemachines'), { recursive: true });
await mkdir(join(target, 'infra', 'session-api'), { recursive: true });
await cp(folders.templates, join(target, 'infra', 'session-api', 'templates'), { recursive: true });
await emitDeclarations({ root, sources: ['infra/cdk.ts'], target });
