/** Milliseconds in which repetitions of a warning are counted instead of printed. */
const interval = 1_000;

interface Repetition {
  count: number;
  readonly timer: NodeJS.Timeout;
}

/** The kind of a line: the code of a line of the Logger, else the whole line. */
const codeOf = (text: string): string => /"message":"([^"]+)"/.exec(text)?.[1] ?? text;

/**
 * Prints warnings. The first of a kind is printed as it is; those that follow within a second are summed up in one line.
 * @param print is given lines without their ends
 */
export const createWarnings = (print: (line: string) => void) => {
  const repetitions = new Map<string, Repetition>();
  return {
    /** @param source a function's construct; empty for the emulator itself */
    add: (source: string, text: string): void => {
      const prefix = source === '' ? '' : `${source}: `;
      const key = `${prefix}${codeOf(text)}`;
      const known = repetitions.get(key);
      if (known) {
        known.count += 1;
        return;
      }
      print(`${prefix}${text}`);
      const timer = setTimeout(() => {
        const { count = 0 } = repetitions.get(key) ?? {};
        repetitions.delete(key);
        if (count > 0) print(`${key}, ${count} more`);
      }, interval);
      timer.unref();
      repetitions.set(key, { count: 0, timer });
    },
    stop: (): void => {
      for (const { timer } of repetitions.values()) clearTimeout(timer);
      repetitions.clear();
    },
  };
};
