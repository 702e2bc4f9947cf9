import type { StateMachine } from 'aws-local-stepfunctions';
import { setImmediate } from 'node:timers/promises';
import { DataLimitExceeded, Payloads } from './payloads.ts';

/** An execution of the library. */
export type Library = ReturnType<StateMachine['run']>;

/** What the library says happened: a state entered, exited, failed, retried or caught, an iteration, the execution. */
export type EventLog = Library['eventLogs'] extends AsyncGenerator<infer E> ? E : never;

export type JsonValue = Parameters<StateMachine['run']>[0];

/** What the library calls instead of a function on AWS. */
export type TaskHandler = (input: JsonValue) => Promise<JsonValue>;

/** One execution on its way: what the library needs to run it, and what it is watched for. */
export class Run {
  readonly payloads = new Payloads();
  readonly events: EventLog[] = [];
  readonly #keepsEvents: boolean;
  #broken: DataLimitExceeded | undefined;
  #ended = false;
  #hasFailed = false;

  constructor(keepsEvents: boolean) {
    this.#keepsEvents = keepsEvents;
  }

  /** Set when a state's payload was too large although no task had it. */
  get broken(): DataLimitExceeded | undefined {
    return this.#broken;
  }

  /**
   * The library still begins the iterations that wait when one has failed. From here on they invoke nothing; so that
   * this comes in time, a task that follows a failure waits for the next turn of the event loop.
   */
  end(): void {
    this.#ended = true;
  }

  handler(name: string, invoke: (input: string) => Promise<string>): TaskHandler {
    return async (input) => {
      if (this.#hasFailed) await setImmediate();
      if (this.#ended) throw new Error('the execution has ended');
      const text = JSON.stringify(input);
      this.payloads.measureText(`input of the task "${name}"`, text);
      const result = await invoke(text).catch((error: unknown) => {
        this.#hasFailed = true;
        throw error;
      });
      this.payloads.measureText(`output of the task "${name}"`, result);
      return JSON.parse(result) as JsonValue;
    };
  }

  async watch(library: Library): Promise<void> {
    for await (const event of library.eventLogs) {
      if (this.#keepsEvents) this.events.push(event);
      if (event.type !== 'StateEntered' && event.type !== 'StateExited') continue;
      const { name, input, output } = event.state;
      try {
        if (event.type === 'StateEntered') this.payloads.measure(`input of "${name}"`, input);
        else this.payloads.measure(`output of "${name}"`, output);
      } catch (error) {
        if (!(error instanceof DataLimitExceeded)) throw error;
        this.#broken ??= error;
        library.abort();
      }
    }
  }
}
