import { cpuFigures } from '../cpu.ts';
import type { Measured } from '../measure.ts';
import { p50p99 } from '../quantiles.ts';
import type { Subject } from '../subject.ts';

const sessions = 600;

const createAll = async (subject: Subject, clients: number): Promise<{ times: readonly number[]; rate: number }> => {
  const times: number[] = [];
  const begin = performance.now();
  const client = async (number: number): Promise<void> => {
    for (let index = number; index < sessions; index += clients) {
      const start = performance.now();
      await subject.create(1000 + clients, `c${index}`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return { times, rate: Math.round(sessions / ((performance.now() - begin) / 1000)) };
};

/** Creating sessions over HTTP, one client and eight. */
export const measureCreate = async (subject: Subject): Promise<Measured> => {
  await createAll(subject, 4);
  const { heap: before } = await subject.counts({ collectGarbage: true });
  const one = await createAll(subject, 1);
  await subject.counts();
  const start = process.cpuUsage();
  const eight = await createAll(subject, 8);
  const { cpu, heap } = await subject.counts({ collectGarbage: true });
  const kibibytes = (heap - before) / 1024 / (2 * sessions);
  return {
    figures: [
      { name: 'create, 1 client, p50', value: p50p99(one.times).p50, unit: 'ms', aim: '< 15' },
      { name: 'create, 1 client, p99', value: p50p99(one.times).p99, unit: 'ms' },
      { name: 'create, 1 client', value: one.rate, unit: '/s' },
      { name: 'create, 8 clients, p50', value: p50p99(eight.times).p50, unit: 'ms' },
      { name: 'create, 8 clients, p99', value: p50p99(eight.times).p99, unit: 'ms' },
      { name: 'create, 8 clients', value: eight.rate, unit: '/s', aim: '> 320' },
      ...cpuFigures({ what: 'create, 8 clients', of: sessions, cpu, start, aim: '<= 1.6' }),
      {
        name: 'emulator, memory of a create with its logs, until these are full',
        value: Number(kibibytes.toFixed(1)),
        unit: 'KiB',
      },
    ],
  };
};
