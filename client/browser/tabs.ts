import { createElection, type ElectionOwner } from './election.ts';
import type { Channel, Environment } from './environment.ts';
import { isVisible } from './page.ts';
import type { TabMessage } from './tab-message.ts';

export interface TabsOwner extends ElectionOwner {
  onTabMessage(message: TabMessage): void;
}

/** A message, with the rank of its sender: 0 if it does not lead, else higher the later it took the lead. */
type Ranked = TabMessage & { readonly rank: number };

export type Tabs = ReturnType<typeof createTabs>;

/** After how long without a word from the leader a tab asks it for its state, milliseconds: one that is seen, one that is not. */
const visibleHeartbeatInterval = 2_000;
const hiddenHeartbeatInterval = 10_000;
/** How long the leader has for an answer, milliseconds. */
const answerTimeout = 250;
/** A leader that owes so many answers is taken for frozen. */
const missedHeartbeats = 2;

/**
 * Connects the tabs, which elect a leader. One that is frozen keeps the lock, so the others ask the leader for its state when they
 * have not heard of it, and take the lead if no answer comes. What one of them hears all hear, so that one asks for all. A tab that
 * comes into view asks at once. Of two leaders, which there can be without locks, the one stays that took the lead later.
 */
const createTabs = (owner: TabsOwner, name: string, channel: Channel) => {
  const { environment } = owner;
  const election = createElection(
    {
      environment,
      onLead: () => {
        owner.onLead();
      },
      onLost: () => {
        owner.onLost();
        look();
      },
    },
    name,
  );
  let hasLeft = false;
  let order = 0;
  let unanswered = 0;
  let heard = 0;
  let timer: unknown;

  const post = (message: TabMessage): void => {
    channel.postMessage({ ...message, rank: election.term() } satisfies Ranked);
  };

  const setTimer = (milliseconds: number): void => {
    environment.clearTimeout(timer);
    timer = environment.setTimeout(check, milliseconds);
  };

  /** Asks the leader for its state now. */
  const look = (): void => {
    if (election.term() || hasLeft) return;
    unanswered++;
    order = Math.random() + (isVisible(environment) ? 0 : 1);
    post({ type: 'ask', order });
    setTimer(answerTimeout);
  };

  /** The leader is there, or another tab looks after it. */
  const rest = (): void => {
    unanswered = 0;
    heard = environment.Date.now();
  };

  const check = (): void => {
    const interval = isVisible(environment) ? visibleHeartbeatInterval : hiddenHeartbeatInterval;
    const left = heard + interval - environment.Date.now();
    if (unanswered >= missedHeartbeats) {
      rest();
      election.takeOver();
      setTimer(interval);
    } else if (unanswered || left <= 0) {
      look();
    } else {
      setTimer(left);
    }
  };

  channel.onmessage = ({ data: message }: MessageEvent<Ranked>) => {
    const { type } = message;
    const rank = election.term();
    const isLeaders = type === 'state' || type === 'messages';
    if (rank && isLeaders && message.rank > rank) election.lose();
    if (isLeaders || (type === 'ask' && unanswered && message.order < order)) rest();
    if (type === 'free') look();
    owner.onTabMessage(message);
  };

  return {
    post,
    takeOver: election.takeOver,
    /** To be called when somebody may look at this tab. */
    look: (): void => {
      if (!unanswered) look();
    },
    /** Stands for election. */
    join(): void {
      hasLeft = false;
      election.join();
      look();
    },
    /** Stands for election no more, and passes the lead on. Still listens, unless it is over. */
    leave(isOver: boolean): void {
      hasLeft = true;
      environment.clearTimeout(timer);
      if (election.term()) post({ type: 'free' });
      election.leave();
      if (isOver) channel.close();
    },
  };
};

/**
 * Connects this tab with the browser's others that have the same queue. Undefined outside pages, and where the browser forbids
 * or lacks a channel, as Firefox does when cookies are blocked: such a tab works alone.
 */
export const joinTabs = (owner: TabsOwner, queue: string): Tabs | undefined => {
  const name = `sqs-browser/2 ${queue}`;
  try {
    const { document, BroadcastChannel }: Environment = owner.environment;
    return document && BroadcastChannel && createTabs(owner, name, new BroadcastChannel(name));
  } catch {
    return undefined;
  }
};
