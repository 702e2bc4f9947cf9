import type { CallPoint, FaultHook } from './calls.ts';

/** Called with a call. The call waits for it, and fails with the AwsError that it throws. */
export type Interceptor = (point: CallPoint) => Promise<void> | void;

/** Before the action has had any effect, or after it has had all of it. */
export type Moment = 'before' | 'after';

interface Entry {
  readonly when: Moment;
  readonly call: string;
  readonly interceptor: Interceptor;
}

/** The interceptors that tests have set. */
export class Interceptors {
  readonly #entries = new Set<Entry>();

  /**
   * @param call such as `sqs:CreateQueue`, or `*` for every call
   * @returns how to remove it
   */
  add(when: Moment, call: string, interceptor: Interceptor): () => void {
    const entry = { when, call, interceptor };
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  /** The hook for Calls: runs the interceptors of a call one after the other, the oldest first. */
  readonly hook =
    (when: Moment): FaultHook =>
    (point) =>
      this.#entries.size === 0 ? undefined : this.#run(when, point);

  async #run(when: Moment, point: CallPoint): Promise<void> {
    const call = `${point.service}:${point.action}`;
    const matching = [...this.#entries].filter((entry) => entry.when === when && ['*', call].includes(entry.call));
    for (const { interceptor } of matching) await interceptor(point);
  }
}
