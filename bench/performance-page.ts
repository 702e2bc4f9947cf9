import { format } from 'prettier';
import { callRows } from './call-table.ts';
import type { Figure } from './measure.ts';
import { meetsAim } from './measure.ts';
import type { Results } from './results.ts';

const begin = '<!-- figures: begin; written by npm run bench -->';
const end = '<!-- figures: end -->';

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(...header), row(...header.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

/** How far a figure is from its aim, in words: `missed: 2.4 times the aim`. */
const verdict = (figure: Figure): string => {
  if (figure.aim === undefined) return '';
  if (meetsAim(figure)) return 'met';
  const aim = Number(/[\d.]+$/.exec(figure.aim)?.[0]);
  const [more, less] = [figure.value / aim, aim / figure.value];
  return figure.aim.startsWith('<')
    ? `**missed**: ${more.toFixed(1)} times the aim`
    : `**missed**: the aim is ${less.toFixed(1)} times as much`;
};

const text = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

const isOfFunction = ({ name }: Figure): boolean => /^(bundle|load) /.test(name);

const figureTable = (figures: readonly Figure[]): string =>
  table(
    ['what', 'figure', 'aim', ''],
    figures.map((figure) => [
      figure.name,
      `${text(figure.value)} ${figure.unit}`,
      figure.aim === undefined ? '' : `${figure.aim.replace(/[<>]/, '\\$&')} ${figure.unit}`,
      verdict(figure),
    ]),
  );

/** Bundle and load time of a function side by side. */
const functionTable = (figures: readonly Figure[]): string => {
  const value = (kind: string, name: string): string => {
    const found = figures.find((figure) => figure.name === `${kind} ${name}`);
    return found ? `${found.value} ${found.unit}` : '';
  };
  const names = figures.flatMap(({ name }) => (name.startsWith('bundle ') ? [name.slice('bundle '.length)] : []));
  return table(
    ['function', 'bundle', 'time to load'],
    names.map((name) => [name, value('bundle', name), value('load', name)]),
  );
};

const tables = ({ machine, measured, figures, counted }: Results): string => `
Measured on ${measured.slice(0, 10)} on ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node.js ${machine.node}. The service, its
producers and its browsers share these cores.

${figureTable(figures.filter((figure) => !isOfFunction(figure)))}

AWS calls for 1,000 deliveries, by service:

${table(
  ['scenario', 'service', 'calls', 'least possible', 'multiple'],
  counted
    .flatMap(callRows)
    .map(({ scenario, service, calls, least, multiple }) => [scenario, service, text(calls), text(least), multiple]),
)}

Bundles (aim: under 400 kB and 100 ms, ${figures.filter(isOfFunction).every(meetsAim) ? 'met by all' : '**missed**'}):

${functionTable(figures)}
`;

/** The page with its figures replaced. @throws Error when it has no place for them. */
export const withFigures = async (page: string, results: Results): Promise<string> => {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/performance.md has no ${begin} and ${end}`);
  return format(`${before}${begin}\n${tables(results)}\n${end}${after}`, {
    parser: 'markdown',
    printWidth: 120,
    singleQuote: true,
  });
};
