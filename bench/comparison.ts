import type { Before, Comparison } from './before.ts';
import { numberText, table } from './markdown.ts';
import type { Figure } from './measure.ts';
import type { Results } from './results.ts';

const valueIn = (before: Before, name: string): number | undefined =>
  before.figures.find((figure) => figure.name === name)?.value;

/** Units of times and rates: what depends on the machine. */
const speeds: readonly string[] = ['ms', 's', '/s', 'messages/s'];

const isRate = ({ aim = '' }: Figure): boolean => aim.startsWith('>');

/** How many times better `after` is than `before`. */
const gain = (figure: Figure, before: number, after: number): number =>
  isRate(figure) ? after / before : before / after;

interface ComparedFigure {
  readonly figure: Figure;
  readonly before: number;
  readonly committed: number | undefined;
}

const comparedFigures = (figures: readonly Figure[], comparison: Comparison): readonly ComparedFigure[] =>
  figures.flatMap((figure) => {
    const before = valueIn(comparison, figure.name);
    if (figure.aim === undefined || before === undefined || !speeds.includes(figure.unit)) return [];
    if (/^load /.test(figure.name)) return [];
    const { committed } = comparison;
    return [{ figure, before, committed: committed && valueIn(committed, figure.name) }];
  });

const times = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ×`;

const sameMachine = (rows: readonly ComparedFigure[], commit: string): string =>
  table(
    ['what', `\`${commit}\``, 'now', 'as good'],
    rows.map(({ figure, before }) => [
      figure.name,
      `${numberText(before)} ${figure.unit}`,
      `${numberText(figure.value)} ${figure.unit}`,
      times(gain(figure, before, figure.value)),
    ]),
  );

/** Aims that were set on another machine, as the factor that they asked for there. */
const otherMachine = (rows: readonly ComparedFigure[], commit: string, cpu: string): string =>
  table(
    ['what', `\`${commit}\` on ${cpu}`, `\`${commit}\` here`, 'now, here', 'as good', 'asked for'],
    rows.flatMap(({ figure, before, committed }) => {
      const aim = Number(/[\d.]+$/.exec(figure.aim ?? '')?.[0]);
      if (committed === undefined) return [];
      const [reached, asked] = [gain(figure, before, figure.value), gain(figure, committed, aim)];
      return [
        [
          ...[figure.name, numberText(committed), numberText(before), `${numberText(figure.value)} ${figure.unit}`],
          ...[
            times(reached),
            asked <= 1 ? 'met there already' : `${times(asked)}${reached < asked ? ', **missed**' : ''}`,
          ],
        ],
      ];
    }),
  );

/**
 * What has changed since a commit that was measured on the same machine. If the commit has results of another machine, the aims were set by
 * those: each is shown as a factor. Empty without such a commit.
 */
export const comparisonPart = ({ figures, before: comparison, machine }: Results): string => {
  if (!comparison) return '';
  const { commit, committed } = comparison;
  const rows = comparedFigures(figures, comparison);
  if (!committed || committed.machine.cpu === machine.cpu)
    return `Beside commit \`${commit}\`, measured on the same machine just before:\n\n${sameMachine(rows, commit)}`;
  const { cpu } = committed.machine;
  return `The aims of times and rates were set on another machine, ${cpu}, where commit \`${commit}\` had been measured. The same commit was measured here just before the
figures above. So the table compares like with like: how many times as good it has become here, and how many times as good the aim asked for there.

${otherMachine(rows, commit, cpu)}`;
};
