import type { Message, Session, State } from './types.ts';

/** What the tabs of a browser tell each other. */
export type TabMessage =
  /** From the leader: what the connection is doing. */
  | { readonly type: 'state'; readonly state: State }
  /** From the leader: messages that came. */
  | { readonly type: 'messages'; readonly messages: readonly Message[] }
  /** From any tab: a message was handled. */
  | { readonly type: 'handled'; readonly id: string }
  /** From a tab that has newer credentials. */
  | { readonly type: 'session'; readonly session: Session }
  /** To the leader, which answers with its state: a new tab came, or a tab wonders whether the leader is alive. */
  | { readonly type: 'ask' }
  /** From a leader that leaves. */
  | { readonly type: 'free' };
