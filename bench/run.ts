/** `npm run bench`: measures the service on this machine, prints a table and writes bench/results.json. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './measure.ts';
import { meetsAim } from './measure.ts';
import { measureBroadcast } from './measures/broadcast.ts';
import { measureBundles } from './measures/bundles.ts';
import { measureCreate } from './measures/create.ts';
import { measureNotify } from './measures/notify.ts';
import { measureRouting } from './measures/routing.ts';
import { measureStreaming } from './measures/streaming.ts';
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
  for (const each of [measureCreate, measureNotify, measureStreaming, measureBroadcast])
    await measure(() => each(subject));
} finally {
  await subject.stop();
}
await measure(measureRouting);
await measure(measureBundles);

const [cpu] = cpus();
writeFileSync(
  join(import.meta.dirname, 'results.json'),
  `${JSON.stringify(
    {
      machine: {
        cpu: cpu?.model,
        cores: cpus().length,
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        node: process.version,
      },
      measured: new Date().toISOString(),
      figures: measured.flatMap(({ figures }) => figures),
      counted: measured.flatMap(({ counted = [] }) => counted),
    },
    undefined,
    2,
  )}\n`,
);
