import type { EventSource } from './event-source.ts';
import type { Emit, Handlers } from './handlers.ts';
import { isSameState } from './state.ts';
import type { Session, State } from './types.ts';

export interface IdleOptions {
  readonly session: Session;
  readonly state: State;
  /** Default false. */
  readonly isLeading?: boolean;
}

/** A source that nothing comes from: no network, no timer, no other tab. Its state is what is set. */
export const createIdleSource = (
  { session, state, isLeading = false }: IdleOptions,
  handlers: Handlers,
  emit: Emit,
) => {
  let current = state;
  const setState = (next: State): void => {
    const previous = current;
    if (isSameState(next, previous) || previous.status === 'ended') return;
    current = next;
    if (next.status === 'ended') handlers.endLoops();
    emit('statechange', { state: next, previous });
  };
  const source: EventSource = {
    get state() {
      return current;
    },
    isLeading,
    session: () => session,
    onHandlers: () => undefined,
    close: () => {
      setState({ status: 'ended', reason: 'closed' });
      return Promise.resolve();
    },
  };
  return { source, setState };
};
