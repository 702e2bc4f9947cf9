import type { Figure } from '../measure.ts';
import { quantile } from '../quantiles.ts';
import type { Subject } from '../subject.ts';
import type { AwsModel } from './predictions.ts';

const account = 7000;
/** Enough for the median of the drawn times to be within 10 % of the distribution's. */
const runs = 60;
/** Requests at the same time: they mostly wait. */
const atOnce = 3;

interface Validated {
  readonly name: string;
  readonly path: (session: string) => string;
}

const operations: readonly Validated[] = [
  { name: 'create', path: (session) => `/create/${account}/${session}/5` },
  { name: 'renew', path: (session) => `/renew/${account}/${session}` },
  { name: 'notify', path: (session) => `/notify/${account}/session/${session}?text=hello` },
  { name: 'destroy', path: (session) => `/destroy/${account}/${session}` },
];

const medianOf = async (subject: Subject, path: (index: number) => string): Promise<number> => {
  const times: number[] = [];
  const client = async (first: number): Promise<void> => {
    for (let index = first; index < runs; index += atOnce) {
      const begin = performance.now();
      await subject.get(path(index));
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, first) => client(first)));
  return quantile(times, 0.5);
};

/** Medians of all operations on sessions of their own, by name. */
const medians = async (subject: Subject, prefix: string): Promise<ReadonlyMap<string, number>> => {
  const found = new Map<string, number>();
  for (const { name, path } of operations)
    found.set(name, await medianOf(subject, (index) => path(`${prefix}${index}`)));
  return found;
};

/**
 * Compares the model with the service while the model's times are injected into the service's AWS calls: how much longer a request takes then,
 * measured and predicted. CPU time and what AWS does around the calls cannot be injected, so the model leaves them out here.
 */
export const validationFigures = async (subject: Subject, model: AwsModel): Promise<readonly Figure[]> => {
  const plain = await medians(subject, 'v');
  await subject.counts({ injectLatencies: true });
  const injected = await medians(subject, 'w');
  await subject.counts();
  return operations.flatMap(({ name }) => {
    const measured = (injected.get(name) ?? NaN) - (plain.get(name) ?? NaN);
    const predicted = quantile(
      model.runs(name, 2000, { onlyCalls: true, cpuFactor: 0 }).map(({ answered }) => answered),
      0.5,
    );
    const difference = Number((100 * (predicted / measured - 1)).toFixed(1));
    return [
      { name: `${name} with injected times, longer by`, value: Math.round(measured), unit: 'ms' },
      { name: `${name}, the model's difference from it`, value: difference, unit: '%' },
    ];
  });
};
