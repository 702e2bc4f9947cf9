import { Listeners } from '../listeners.ts';

export interface LogLine {
  /** The function's construct: `ResizeImage`. */
  readonly function: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface FunctionLogs {
  /** The last lines of all functions, oldest first. */
  readonly lines: readonly LogLine[];
  on(listener: (line: LogLine) => void): () => void;
}

/** Keeps the functions' last `limit` lines of output. */
export class BoundedLogs implements FunctionLogs {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Listeners<LogLine>();
  readonly #limit: number;

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  on(listener: (line: LogLine) => void): () => void {
    return this.#listeners.on(listener);
  }

  add(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * this.#limit) this.#lines.splice(0, this.#lines.length - this.#limit);
    this.#listeners.emit(line);
  }

  /** Takes in a stream's text and cuts it into lines. */
  collect(functionName: string, stream: LogLine['stream'], source: NodeJS.ReadableStream): void {
    let rest = '';
    source.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.add({ function: functionName, stream, text: line });
    });
    source.on('end', () => {
      if (rest) this.add({ function: functionName, stream, text: rest });
    });
  }
}

/** Whether a line belongs on the console: a warning or an error of the Powertools Logger, or anything on stderr. */
export const isWarning = ({ stream, text }: LogLine): boolean =>
  stream === 'stderr' || /"level":"(WARN|ERROR|CRITICAL)"/.test(text);
