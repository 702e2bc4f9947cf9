import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command prints and asks, so that tests can read what people read. */
export interface Terminal {
  /** Prints a line of the answer. */
  readonly print: (line: string) => void;
  /** Prints a line that is not part of the answer: what is wrong, or how it goes on. */
  readonly note: (line: string) => void;
  /** Shows how far something is, in place of what it showed before; nothing unless somebody looks at a terminal. */
  readonly progress: (text: string) => void;
  /** Asks a question that is answered by yes or no; no where nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** The lines of the standard input. */
  readonly lines: () => AsyncIterable<string>;
  readonly colors: boolean;
  /** Aborted when the person presses Ctrl-C, or the process is asked to end. */
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}

export const painter =
  ({ colors }: Pick<Terminal, 'colors'>) =>
  (style: Style, text: string): string =>
    colors ? styleText(style, text, { validateStream: false }) : text;

const width = (text: string): number => Array.from(text).length;

/** Rows under their headings, in columns; what is longer than `max` characters is cut. */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[], max = 60): string[] => {
  const cut = (text: string): string => {
    const line = text.replaceAll(/\s+/g, ' ');
    return width(line) <= max
      ? line
      : `${Array.from(line)
          .slice(0, max - 1)
          .join('')}…`;
  };
  const cells = [headings, ...rows.map((row) => row.map(cut))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
};

const barWidth = 24;

/** A bar that says how much of something is done; without a total only how much that is. */
export const progressBar = (done: number, total: number | undefined): string => {
  if (total === undefined || total === 0) return String(done);
  // What comes while it is counted makes more of it than there was.
  const filled = Math.round((Math.min(done, total) / total) * barWidth);
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${done}/${Math.max(done, total)}`;
};

/** `2026-11-23 10:15:30`, in UTC as logs have it. */
export const timeText = (epochMilliseconds: number | undefined): string =>
  epochMilliseconds === undefined ? '-' : new Date(epochMilliseconds).toISOString().slice(0, 19).replace('T', ' ');

/** `3 h 5 min`, of seconds. */
export const durationText = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};
