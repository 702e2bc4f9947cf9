import { parseArgs } from 'node:util';
import { ConfigurationError } from './configuration-error.ts';
import { synthesize } from './synthesize.ts';

/** `node infra/app.ts [--outdir folder] [--without-rules]`: what `cdk synth` runs, and what runs the synthesis without the CDK's tool. */
const { values } = parseArgs({ options: { outdir: { type: 'string' }, 'without-rules': { type: 'boolean' } } });
const { outdir, 'without-rules': withoutRules = false } = values;
try {
  await synthesize({ ...(outdir !== undefined && { outdir }), withoutRules });
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
