import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../infra/function-bundles.ts';
import type { Measured } from '../measure.ts';
import { quantile } from '../quantiles.ts';

const loads = 3;
/** Enough of an environment for every function to load. */
const environment = {
  ...process.env,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  NODE_OPTIONS: '',
};

const loadMilliseconds = (file: string): number => {
  const script = `const t=performance.now();import(process.argv[1]).catch(()=>{}).then(()=>console.log(performance.now()-t))`;
  const times = Array.from({ length: loads }, () =>
    Number(
      execFileSync(process.execPath, ['-e', script, file], { env: environment, encoding: 'utf8' })
        .trim()
        .split('\n')
        .at(-1),
    ),
  );
  return quantile(times, 0.5);
};

/** Each function's bundle: its bytes, and what loading it takes in a fresh process. */
export const measureBundles = async (): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), 'sqs-browser-bundles-'));
  try {
    await bundleFunctions({ sources: join(import.meta.dirname, '..', '..', 'functions'), outdir: folder });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mjs'));
    const figures = files.sort().flatMap((name) => {
      const path = join(folder, name);
      return [
        {
          name: `bundle ${name.split('/')[0] ?? name}`,
          value: Math.round(statSync(path).size / 1000),
          unit: 'kB',
          aim: '< 400',
        },
        {
          name: `load ${name.split('/')[0] ?? name}`,
          value: Math.round(loadMilliseconds(path)),
          unit: 'ms',
          aim: '< 100',
        },
      ];
    });
    return { figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
