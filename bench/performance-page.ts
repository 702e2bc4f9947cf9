import { judgedPredictions, predictions } from './aws-model/page.ts';
import { modelOf } from './aws-model/predictions.ts';
import { callRows } from './call-table.ts';
import { comparisonPart } from './comparison.ts';
import { judgedPrices, priceAimTable } from './cost/priced-requests.ts';
import { missedList, summary } from './judged.ts';
import { formatPage, numberText, table, withPart } from './markdown.ts';
import type { Figure, Unmeasured } from './measure.ts';
import { meetsAim } from './measure.ts';
import { peersTable } from './peers/page.ts';
import { readPeers } from './peers/results.ts';
import { fixedWorkName } from './measures/machine.ts';
import { judgedFigures } from './reasons.ts';
import type { Results } from './results.ts';

/** Whether a figure meets its aim, and how far it is from it: `missed: 2.4 times the aim`. */
const verdict = (figure: Figure): string => {
  if (figure.aim === undefined) return '';
  if (meetsAim(figure)) return 'met';
  const aim = Number(/[\d.]+$/.exec(figure.aim)?.[0]);
  const [more, less] = [figure.value / aim, aim / figure.value];
  return figure.aim.startsWith('<')
    ? `**missed**: ${more.toFixed(1)} times the aim`
    : `**missed**: the aim is ${less.toFixed(1)} times as much`;
};

/** The kinds of figures that each function has, and the headings of their columns. */
const functionFigures = [
  ['bundle', 'bundle'],
  ['load', 'time to load'],
  ['first call', 'CPU of the first call'],
] as const;

const ofFunction = /^(bundle|load|first call) (?!of a )/;
const ofModel = / injected times|the model's difference/;

const isFunctionFigure = ({ name }: Figure): boolean => ofFunction.test(name);
const isModelFigure = ({ name }: Figure): boolean => ofModel.test(name);

const aimText = ({ aim, unit }: Omit<Figure, 'value'>): string =>
  aim === undefined ? '' : `${aim.replace(/[<>]/, '\\$&')} ${unit}`;

const figureTable = (figures: readonly Figure[], unmeasured: readonly Unmeasured[] = []): string =>
  table(
    ['what', 'figure', 'aim', ''],
    [
      ...figures.map((figure) => [
        figure.name,
        `${numberText(figure.value)} ${figure.unit}`,
        aimText(figure),
        verdict(figure),
      ]),
      ...unmeasured.map((one) => [one.name, '–', aimText(one), `not measured: ${one.reason}`]),
    ],
  );

/** The figures of each function, side by side. */
const functionTable = (figures: readonly Figure[]): string => {
  const value = (kind: string, name: string): string => {
    const found = figures.find((figure) => figure.name === `${kind} ${name}`);
    return found ? `${found.value} ${found.unit}${meetsAim(found) ? '' : ` (**missed**: ${found.aim ?? ''})`}` : '';
  };
  const names = figures.flatMap(({ name }) => (name.startsWith('bundle ') ? [name.slice('bundle '.length)] : []));
  return table(
    ['function', ...functionFigures.map(([, heading]) => heading)],
    names.map((name) => [name, ...functionFigures.map(([kind]) => value(kind, name))]),
  );
};

/** How many aims are met, measured and predicted. */
const aimsSummary = ({ figures, unmeasured = [], recording }: Results): string => {
  const model = modelOf(recording);
  const own = judgedFigures(figures.filter((figure) => !isFunctionFigure(figure)));
  const predicted = [...judgedPredictions(model), ...judgedPrices(model)];
  const looked = summary([...own, ...predicted.map((one) => ({ ...one, name: `${one.name} (predicted)` }))]);
  return unmeasured.length === 0 ? looked : `${looked} Not measured: ${unmeasured.map(({ name }) => name).join('; ')}.`;
};

const speed = (figures: readonly Figure[]): string => {
  const fixed = figures.find(({ name }) => name === fixedWorkName);
  return fixed
    ? `A fixed piece of work, which says how fast the machine is, takes ${fixed.value} ms in one thread.`
    : '';
};

const measuredPart = (results: Results): string => {
  const { machine, measured, figures, unmeasured, counted } = results;
  const missed = missedList(judgedFigures(figures));
  return `
Measured on ${measured.slice(0, 10)} on ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node.js ${machine.node}. The service, its
producers and its browsers share these cores. ${speed(figures)}

${aimsSummary(results)}

${figureTable(
  figures.filter((figure) => !isFunctionFigure(figure) && !isModelFigure(figure)),
  unmeasured,
)}

${missed === '' ? '' : `Why aims are missed:\n\n${missed}`}

${comparisonPart(results)}

AWS calls for 1,000 deliveries, by service:

${table(
  ['scenario', 'service', 'calls', 'least possible', 'multiple'],
  counted
    .flatMap(callRows)
    .map(({ scenario, service, calls, least, multiple }) => [
      scenario,
      service,
      numberText(calls),
      numberText(least),
      multiple,
    ]),
)}

Functions (aims: a bundle of at most 120 kB, less than 100 ms to load):

${functionTable(figures)}
`;
};

const predictionPart = ({ figures, recording }: Results): string => {
  const checked = figures.filter(isModelFigure);
  const model = modelOf(recording);
  return `${predictions(model)}

What it costs, in [us-east-1](cost.md), where the calls and the billed time are those of the recording:

${priceAimTable(model)}

${checked.length === 0 ? '' : `How far the model is from the service when the same times are injected into its calls:\n\n${figureTable(checked)}`}`;
};

/** The page with its figures, predictions and comparison replaced. @throws Error when it has no place for them. */
export const withFigures = async (page: string, results: Results): Promise<string> => {
  const measured = withPart(page, 'figures', measuredPart(results));
  const predicted = withPart(measured, 'predictions', predictionPart(results));
  return formatPage(withPart(predicted, 'peers', peersTable(readPeers())));
};
