import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { Clock } from '../clock.ts';
import { StateFailure } from './failures.ts';
import type { Json, JsonObject } from './json.ts';
import { quotas } from './quotas.ts';

/** Runs a task's function on JSON text, answers JSON text. @throws Error whose name and message are the error and its cause */
export type InvokeTask = (resource: string, input: string) => Promise<string>;

export interface ExecutionContext {
  readonly clock: Clock;
  readonly invoke: InvokeTask;
  /** Whether the history is kept. */
  readonly keepsEvents: boolean;
  /** Called with each event as it happens. */
  readonly onEvent?: ((event: HistoryEvent) => void) | undefined;
  /** Retries do not wait. */
  readonly instantRetries: boolean;
  /** Called with the milliseconds that an instant retry would have waited. */
  readonly passTime?: ((milliseconds: number) => void) | undefined;
  /** Execution and StateMachine of the context object. */
  readonly contextObject: JsonObject;
}

/** The details of an event, by the members that HistoryEvent has for them. */
export type EventDetails = Omit<HistoryEvent, 'id' | 'previousEventId' | 'timestamp' | 'type'>;

interface Wait {
  readonly over: Promise<void>;
  readonly cancel: () => void;
}

/** One execution: its history, the size of its payloads, and its timers. */
export class Execution {
  readonly context: ExecutionContext;
  readonly events: HistoryEvent[] = [];
  /** Bytes of the largest input or output of a state so far. */
  largestPayload = 0;
  readonly #measured = new WeakMap<object, string>();
  readonly #waits = new Set<() => void>();
  #lastEvent = 0;

  constructor(context: ExecutionContext) {
    this.context = context;
  }

  /** Adds an event to the history; returns its id. `details` is called only when the event is kept or has a listener. */
  record(type: HistoryEventType, previousEventId: number, details: () => EventDetails): number {
    this.#lastEvent += 1;
    const { keepsEvents, onEvent, clock } = this.context;
    if (keepsEvents || onEvent) {
      const timestamp = new Date(clock.now());
      const event = { timestamp, type, id: this.#lastEvent, previousEventId, ...details() };
      if (keepsEvents) this.events.push(event);
      onEvent?.(event);
    }
    return this.#lastEvent;
  }

  /**
   * The JSON text of a state's input or output.
   * @throws StateFailure States.DataLimitExceeded. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
   */
  textOf(what: string, value: Json): string {
    const known = typeof value === 'object' && value !== null ? this.#measured.get(value) : undefined;
    if (known !== undefined) return known;
    const text = JSON.stringify(value);
    this.measure(what, text);
    if (typeof value === 'object' && value !== null) this.#measured.set(value, text);
    return text;
  }

  /** Like textOf, for a text. */
  measure(what: string, text: string): void {
    const bytes = Buffer.byteLength(text);
    this.largestPayload = Math.max(this.largestPayload, bytes);
    if (bytes <= quotas.payloadBytes) return;
    const limit = `more than the ${quotas.payloadBytes} that a state may have`;
    throw new StateFailure('States.DataLimitExceeded', `The ${what} has ${bytes} bytes, ${limit}`);
  }

  /** `over` resolves when this time has passed on the clock. */
  wait(milliseconds: number): Wait {
    const { clock } = this.context;
    return this.#wait((callback) => clock.at(clock.now() + milliseconds, callback));
  }

  /** `over` resolves after a time limit: see the clock's `limit`. */
  limit(milliseconds: number): Wait {
    return this.#wait((callback) => this.context.clock.limit(milliseconds, callback));
  }

  #wait(begin: (callback: () => void) => () => void): Wait {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const cancel = begin(() => {
      this.#waits.delete(cancel);
      resolve(undefined);
    });
    this.#waits.add(cancel);
    return {
      over: promise,
      cancel: () => {
        cancel();
        this.#waits.delete(cancel);
      },
    };
  }

  /** Cancels all its timers. */
  end(): void {
    for (const cancel of this.#waits) cancel();
    this.#waits.clear();
  }
}

/** A sequence of states of an execution: the machine's own, a branch of a Parallel or an iteration of a Map. */
export class Branch {
  readonly execution: Execution;
  readonly #parent: Branch | undefined;
  #lastEvent: number;
  #isStopped = false;

  constructor(execution: Execution, parent?: Branch) {
    this.execution = execution;
    this.#parent = parent;
    this.#lastEvent = parent ? parent.#lastEvent : 0;
  }

  /** True when it, or the branch that it is part of, has ended: it enters no further state. */
  get isStopped(): boolean {
    return this.#isStopped || (this.#parent?.isStopped ?? false);
  }

  stop(): void {
    this.#isStopped = true;
  }

  record(type: HistoryEventType, details: () => EventDetails = () => ({})): void {
    if (!this.isStopped) this.#lastEvent = this.execution.record(type, this.#lastEvent, details);
  }
}
