/**
 * `sqs-browser/testing`: a connection for the unit tests of applications, in any test runner. There is no network, no timer and
 * no other tab; the test says what arrives.
 */
import type { EventSource } from '../browser/event-source.ts';
import { Events } from '../browser/events.ts';
import { QueueEvent } from '../browser/event.ts';
import type { Emit, Handlers } from '../browser/handlers.ts';
import { initialState, isSameState } from '../browser/state.ts';
import type { ConnectOptions, Session, State } from '../browser/types.ts';

export type { Events } from '../browser/events.ts';
export type { QueueEvent } from '../browser/event.ts';
export type { Session, State } from '../browser/types.ts';

export interface FakeOptions {
  /** What `events.session` is. Default: a session with credentials that open nothing. */
  readonly session?: Session | undefined;
  /** What `events.leader` is. Default true. */
  readonly leader?: boolean | undefined;
}

export interface SendOptions {
  /** The event's id. Default: `event-1`, `event-2`, and so on. */
  readonly id?: string | undefined;
  /** When the event was sent, epoch milliseconds. Default: now. */
  readonly sentAt?: number | undefined;
}

export interface FakeConnection<Data> {
  /** To be given to the code under test: what `connect` returns. */
  readonly events: Events<Data>;
  /**
   * Delivers an event to every handler, once. Resolves when all are done; rejects with what the first that failed threw. A
   * real connection would give the event back to the queue then, and deliver it again.
   */
  readonly send: (data: Data, options?: SendOptions) => Promise<void>;
  /** Sets the state, and fires `statechange`. */
  readonly setState: (state: State) => void;
  /** Fires `resync`. @param since epoch milliseconds. */
  readonly resync: (since: number) => void;
  /** How many handlers there are: 0 when the code under test has cleaned up. */
  readonly handlerCount: () => number;
}

const fakeSession: Session = {
  ...{ accountId: 12345, sessionId: 'fake', sqsUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/fake' },
  ...{ accessKey: 'fake', secretKey: 'fake', sessionToken: 'fake', expires: 4_102_444_800 },
};

/**
 * Creates a connection to which nothing arrives but what the test sends.
 * @typeParam Data what the application's messages are.
 */
export const fakeConnection = <Data = unknown>(options: FakeOptions = {}): FakeConnection<Data> => {
  const { session = fakeSession, leader = true } = options;
  let state: State = initialState;
  let count = 0;
  const parts: { handlers?: Handlers; emit?: Emit } = {};

  const setState = (next: State): void => {
    const previous = state;
    if (isSameState(next, previous) || previous.status === 'ended') return;
    state = next;
    if (next.status === 'ended') parts.handlers?.endLoops();
    parts.emit?.('statechange', { state, previous });
  };

  const source: EventSource = {
    get state() {
      return state;
    },
    isLeading: leader,
    session: () => session,
    onHandlers: () => undefined,
    close: () => {
      setState({ status: 'ended', reason: 'closed' });
      return Promise.resolve();
    },
  };
  const events = new Events<Data>((handlers, emit) => {
    Object.assign(parts, { handlers, emit });
    return source;
  });

  return {
    events,
    send: async (data, { id = `event-${++count}`, sentAt = Date.now() } = {}) => {
      if (state.status === 'ended') throw new Error('The connection has ended: nothing can be sent to it');
      const event = new QueueEvent({ id, sentAt, text: JSON.stringify(data) });
      await parts.handlers?.deliver(event, globalThis)();
    },
    setState,
    resync: (since) => parts.emit?.('resync', { since }),
    handlerCount: () => parts.handlers?.count() ?? 0,
  };
};

/**
 * Returns a `connect` for module mocks, such as `vi.mock('sqs-browser/client', () => ({ connect: fakeConnect(connection) }))`.
 */
export const fakeConnect =
  <Data>({ events }: FakeConnection<Data>): ((options: ConnectOptions) => Events<Data>) =>
  () =>
    events;
