import type { RetryPolicy } from '../shared/backoff.ts';
import type { Reasons, State } from './types.ts';

/** Where a connection is to go: the state's other data follow from the state before. */
export type Target = {
  readonly [Status in keyof Reasons]: {
    readonly status: Status;
    readonly reason: Reasons[Status];
    /** What went wrong. */
    readonly detail?: string;
  };
}[keyof Reasons];

export interface TransitionContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly retry: RetryPolicy;
}

/** What somebody can do about a state, by its reason; other reasons need nobody. */
export const remedies: Partial<Record<Reasons[keyof Reasons], string>> = {
  'no-handler': 'Listen to messages.',
  offline: 'Check the network.',
  network: 'Check the network and connect-src.',
  refused: 'See detail.',
  'renew-failed': 'Check renew().',
  handler: 'Check your listeners.',
  error: 'See detail.',
  'session-gone': 'Create a session.',
};

export const initialState: State = { status: 'connecting', reason: 'starting' };

/**
 * The state that follows a state: the only place where states are made. An ended connection stays ended. Failures are counted
 * until the connection polls, connects or pauses; a renewal that fails is remembered, to be tried again.
 */
export const transition = (state: State, target: Target, { now, retry }: TransitionContext): State => {
  if (state.status === 'ended') return state;
  const { status, reason, detail = '' } = target;
  const remedy = remedies[reason];
  const plain = { status, reason, ...(remedy && { remedy }) };
  let attempt = 'attempt' in state ? state.attempt : 0;
  if (status === 'renewing') return { ...plain, status, reason, attempt };
  if (status !== 'waiting') return plain as State;
  if (reason === 'handler') return { ...plain, status, reason, detail, attempt: 0, until: Infinity };
  const until = now + retry(++attempt);
  const renewing = state.status === 'renewing' && { renewing: state.reason };
  return { ...plain, status, reason, detail, attempt, until, ...renewing };
};

/** Whether two states are the same to somebody who watches. */
export const isSameState = (a: State, b: State): boolean => JSON.stringify(a) === JSON.stringify(b);
