import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../operations/environment.ts';
import type { Recording } from '../aws-model/recording.ts';
import type { Figure, Measured } from '../measure.ts';
import { quantile } from '../quantiles.ts';

const loads = 3;
const bundleAim = '<= 120';
const loadAim = '< 100';
/** The variables that every function needs to load. */
const functionEnvironment = {
  ...environment,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  NODE_OPTIONS: '',
};

const loadMilliseconds = (file: string): number => {
  const script = `const t=performance.now();import(process.argv[1]).catch(()=>{}).then(()=>console.log(performance.now()-t))`;
  const times = Array.from({ length: loads }, () =>
    Number(
      execFileSync(process.execPath, ['-e', script, file], { env: functionEnvironment, encoding: 'utf8' })
        .trim()
        .split('\n')
        .at(-1),
    ),
  );
  return quantile(times, 0.5);
};

/**
 * Each function's bundle: its bytes, and what loading it takes in a fresh process.
 * @param folder the folder with the functions' bundles
 */
export const measureBundles = (folder: string): Measured => {
  const names = readdirSync(folder).sort();
  const figures = names.flatMap((name) => {
    const file = join(folder, name, 'handler.mjs');
    const kilobytes = Math.round(statSync(file).size / 1000);
    return [
      { name: `bundle ${name}`, value: kilobytes, unit: 'kB', aim: bundleAim },
      { name: `load ${name}`, value: Math.round(loadMilliseconds(file)), unit: 'ms', aim: loadAim },
    ];
  });
  const largest = (kind: string): number =>
    Math.max(...figures.filter(({ name }) => name.startsWith(kind)).map(({ value }) => value));
  return {
    figures: [
      { name: 'bundle of a function, the largest of all', value: largest('bundle '), unit: 'kB', aim: bundleAim },
      { name: 'loading a function, the longest of all', value: largest('load '), unit: 'ms', aim: loadAim },
      ...figures,
    ],
  };
};

/** The CPU of the functions' first runs. */
export const firstRunFigures = ({ functions }: Recording): readonly Figure[] => {
  const run = Object.entries(functions).filter(([, { firstCpu }]) => firstCpu > 0);
  const largest = Math.max(...run.map(([, { firstCpu }]) => firstCpu));
  return [
    { name: 'first call of a function, CPU, the most of all', value: largest, unit: 'ms', aim: '<= 15' },
    ...run.map(([name, { firstCpu }]) => ({ name: `first call ${name}`, value: firstCpu, unit: 'ms' })),
  ];
};
