/**
 * `npm run bench`: measures the service on this machine, prints the figures beside those of before, and writes bench/results.json and the pages
 * that have figures. `npm run bench -- --against <results file or commit>` compares with another run; `--sessions 500000` says how many
 * sessions one emulator holds.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contextNames } from '../infra/context.ts';
import { bundleFunctions } from '../infra/function-bundles.ts';
import { recordOperations, recordPool, recordedPool } from './aws-model/operations.ts';
import { AwsModel } from './aws-model/predictions.ts';
import type { Recording } from './aws-model/recording.ts';
import { validationFigures } from './aws-model/validation.ts';
import { compared } from './before.ts';
import { callTable } from './call-table.ts';
import { broadcastCostFigure } from './cost/scenarios.ts';
import type { Figure, Measured } from './measure.ts';
import { meetsAim } from './measure.ts';
import { measureBroadcast } from './measures/broadcast.ts';
import { measureBrowser } from './measures/browser.ts';
import { firstRunFigures, measureBundles } from './measures/bundles.ts';
import { measureCreate } from './measures/create.ts';
import { fixedWorkName, measureMachine } from './measures/machine.ts';
import { defaultSessions, measureManySessions } from './measures/many-sessions.ts';
import { measureMixed } from './measures/mixed.ts';
import { measureNotify } from './measures/notify.ts';
import { measureRouting } from './measures/routing.ts';
import { measureRuns } from './measures/runs.ts';
import { measureStreaming } from './measures/streaming.ts';
import { writtenPages } from './pages.ts';
import { writeResults } from './results.ts';
import { startSubject } from './subject.ts';

const root = join(import.meta.dirname, '..');
const { against, sessions } = parseArgs({
  options: { against: { type: 'string' }, sessions: { type: 'string', default: `${defaultSessions}` } },
}).values;
if (!/^[1-9]\d{4,6}$/.test(sessions))
  throw new Error(`--sessions is "${sessions}", but must be a number from 10000 to 9999999`);
const { title, before: last, comparison } = compared(against);
const [cpu] = cpus();
const machine = {
  cpu: cpu?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};

const showRow = (cells: readonly string[]): void => {
  const [name = '', was = '', is = '', unit = '', verdict = ''] = cells;
  console.log(`${name.padEnd(62)} ${was.padStart(11)} ${is.padStart(11)} ${unit.padEnd(10)} ${verdict}`.trimEnd());
};

const show = (figures: readonly Figure[]): void => {
  for (const figure of figures) {
    const was = last.figures.find(({ name }) => name === figure.name)?.value;
    const verdict = figure.aim === undefined ? '' : `aim ${figure.aim}${meetsAim(figure) ? '' : '   MISSED'}`;
    showRow([figure.name, String(was ?? '–'), String(figure.value), figure.unit, verdict]);
  }
};

const measured: Measured[] = [];
const add = (result: Measured): void => {
  measured.push(result);
  show(result.figures);
  for (const { name, reason } of result.unmeasured ?? []) console.log(`${name.padEnd(62)} not measured: ${reason}`);
};

/** Warns when the columns are from different machines. */
const showMachines = ({ figures }: Measured): void => {
  if (last.machine.cpu === machine.cpu) return;
  const valueIn = (all: Iterable<{ readonly name: string; readonly value: number }>): number | undefined =>
    [...all].find(({ name }) => name === fixedWorkName)?.value;
  const [was, is] = [valueIn(last.figures), valueIn(figures)];
  console.log(
    was === undefined || is === undefined
      ? 'These are different machines, and how fast the first one is was not measured: the columns do not say what changed. `--against <commit>` measures a commit here.'
      : `These are different machines: this one takes ${(is / was).toFixed(2)} times as long for the same work.`,
  );
};

/** Creates of a stack with a pool, if stacks have that setting. */
const recordPooled = async (): Promise<Recording['operations']> => {
  if (!contextNames.includes('poolSize')) return {};
  const subject = await startSubject({ poolSize: recordedPool });
  try {
    return await recordPool(subject);
  } finally {
    await subject.stop();
  }
};

console.log(`Before: ${title} on ${last.machine.cpu}. Now on ${machine.cpu}, ${machine.cores} cores.`);
const machineMeasured = await measureMachine();
showMachines(machineMeasured);
showRow(['', 'before', 'now']);
add(machineMeasured);

const bundles = mkdtempSync(join(tmpdir(), 'sqs-browser-bundles-'));
try {
  await bundleFunctions({ sources: join(root, 'functions'), outdir: bundles });
  const subject = await startSubject();
  let recorded: Recording;
  try {
    recorded = await recordOperations(subject, bundles);
    add({ figures: firstRunFigures(recorded) });
    for (const measure of [measureCreate, measureNotify, measureStreaming, measureMixed]) add(await measure(subject));
    add({ figures: await validationFigures(subject, new AwsModel(recorded)) });
    add(await measureBroadcast(subject));
    add(await measureBrowser(subject));
  } finally {
    await subject.stop();
  }
  const pooled = await recordPooled();
  add(await measureManySessions(Number(sessions)));
  add(measureRouting());
  add(measureRuns());
  add(measureBundles(bundles));
  const added = measured.flatMap((each) => Object.entries(each.operations ?? {}));
  const operations = { ...recorded.operations, ...pooled, ...Object.fromEntries(added) };
  const recording: Recording = { ...recorded, operations };
  add({ figures: [broadcastCostFigure(new AwsModel(recording))] });
  const counted = measured.flatMap((each) => each.counted ?? []);
  console.log(`\n${callTable(counted)}`);
  const figures = measured.flatMap((each) => each.figures);
  const unmeasured = measured.flatMap((each) => each.unmeasured ?? []);
  const results = {
    ...{ machine, measured: new Date().toISOString(), figures, unmeasured, counted, recording },
    ...(comparison && { before: comparison }),
  };
  writeResults(results);
  for (const [path, text] of await writtenPages(results)) writeFileSync(join(root, path), text);
} finally {
  rmSync(bundles, { recursive: true, force: true });
}
