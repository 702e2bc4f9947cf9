/**
 * `sqs-browser/testing`: a connection for the unit tests of applications, in any test runner. There is no network, no timer and
 * no other tab; the test says what arrives.
 */
import { Events } from '../browser/events.ts';
import { QueueEvent } from '../browser/event.ts';
import type { Emit, Handlers } from '../browser/handlers.ts';
import { createIdleSource } from '../browser/idle-source.ts';
import { initialState } from '../browser/state.ts';
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
  const parts: { handlers?: Handlers; emit?: Emit; setState?: (state: State) => void } = {};
  let count = 0;
  const events = new Events<Data>((handlers, emit) => {
    const { source, setState } = createIdleSource({ session, state: initialState, isLeading: leader }, handlers, emit);
    Object.assign(parts, { handlers, emit, setState });
    return source;
  });

  return {
    events,
    send: async (data, { id = `event-${++count}`, sentAt = Date.now() } = {}) => {
      if (events.state.status === 'ended') throw new Error('The connection has ended: nothing can be sent to it');
      const event = new QueueEvent({ id, sentAt, text: JSON.stringify(data) });
      await parts.handlers?.deliver(event, globalThis)();
    },
    setState: (state) => parts.setState?.(state),
    resync: (since) => parts.emit?.('resync', { since }),
    handlerCount: () => parts.handlers?.total() ?? 0,
  };
};

/**
 * Returns a `connect` for module mocks, such as `vi.mock('sqs-browser/client', () => ({ connect: fakeConnect(connection) }))`.
 */
export const fakeConnect =
  <Data>({ events }: FakeConnection<Data>): ((options: ConnectOptions) => Events<Data>) =>
  () =>
    events;
