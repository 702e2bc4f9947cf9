/** `npm run bench`: measures the service on this machine, prints a table and writes bench/results.json. */
import { cpus, totalmem } from 'node:os';
import { callTable } from './call-table.ts';
import type { Measured } from './measure.ts';
import { meetsAim } from './measure.ts';
import { measureBroadcast } from './measures/broadcast.ts';
import { measureBundles } from './measures/bundles.ts';
import { measureCreate } from './measures/create.ts';
import { measureMixed } from './measures/mixed.ts';
import { measureNotify } from './measures/notify.ts';
import { measureRouting } from './measures/routing.ts';
import { measureStreaming } from './measures/streaming.ts';
import { writeResults } from './results.ts';
import { startSubject } from './subject.ts';

const measured: Measured[] = [];

const show = ({ figures }: Measured): void => {
  for (const figure of figures) {
    const verdict = figure.aim === undefined ? '' : `aim ${figure.aim}${meetsAim(figure) ? '' : '   MISSED'}`;
    console.log(`${figure.name.padEnd(58)} ${String(figure.value).padStart(10)} ${figure.unit.padEnd(10)} ${verdict}`);
  }
};

const measure = async (what: () => Promise<Measured> | Measured): Promise<void> => {
  const result = await what();
  measured.push(result);
  show(result);
};

const subject = await startSubject();
try {
  for (const each of [measureCreate, measureNotify, measureStreaming, measureMixed, measureBroadcast])
    await measure(() => each(subject));
} finally {
  await subject.stop();
}
await measure(measureRouting);
await measure(measureBundles);

const counted = measured.flatMap((each) => each.counted ?? []);
console.log(`\n${callTable(counted)}`);

const [cpu] = cpus();
writeResults({
  machine: {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  },
  measured: new Date().toISOString(),
  figures: measured.flatMap(({ figures }) => figures),
  counted,
});
