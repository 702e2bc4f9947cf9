import type { Reason, Reasons, State } from './types.ts';

/** What somebody can do about a state, by its reason; other reasons need nobody. */
export const remedies: { readonly [Name in Reason]?: string } = {
  'no-handler': 'Listen to messages.',
  offline: 'Check the network.',
  network: 'Check the network and connect-src.',
  'renew-failed': 'Check renew().',
  handler: 'Check your listeners.',
  'session-gone': 'Create a session.',
};

/** Goes to a state. @param detail what went wrong, where something did. */
export type Dispatch = <Status extends keyof Reasons>(status: Status, reason: Reasons[Status], detail?: string) => void;

export interface Target {
  readonly status: keyof Reasons;
  readonly reason: Reason;
  readonly detail: string | undefined;
}

/** When it is tried again after so many failures in a row, epoch milliseconds. */
type RetryAt = (attempt: number) => number;

export const initialState: State = { status: 'connecting', reason: 'starting' };

/** How many failures there were in a row until now. */
export const failuresIn = (state: State): number => ('attempt' in state ? state.attempt : 0);

const nextState = (state: State, { status, reason, detail = '' }: Target, retryAt: RetryAt): object => {
  const remedy = remedies[reason];
  const plain = { status, reason, ...(remedy && { remedy }) };
  const failures = failuresIn(state);
  if (status === 'renewing') return { ...plain, attempt: failures };
  if (status !== 'waiting') return plain;
  const attempt = reason === 'handler' ? 0 : failures + 1;
  const until = attempt ? retryAt(attempt) : Infinity;
  return { ...plain, detail, attempt, until, ...(state.status === 'renewing' && { renewing: state.reason }) };
};

/**
 * The state that follows a state: the only place where states are made. Failures are counted until the connection polls, connects
 * or pauses; a renewal that fails is remembered, to be tried again.
 */
export const transition = (state: State, target: Target, retryAt: RetryAt): State =>
  // The compiler does not follow from a status to its members.
  nextState(state, target, retryAt) as State;

/** Whether two states are the same to somebody who watches. */
export const isSameState = (a: State, b: State): boolean => JSON.stringify(a) === JSON.stringify(b);
