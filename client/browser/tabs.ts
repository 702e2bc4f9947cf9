import { createElection, type ElectionOwner } from './election.ts';
import type { Channel, Environment } from './environment.ts';
import { isVisible } from './page.ts';
import type { TabMessage } from './tab-message.ts';

export interface TabsOwner extends ElectionOwner {
  onTabMessage(message: TabMessage): void;
}

/**
 * A message, with the rank of its sender: 0 if it does not lead, else higher the later it took the lead. From the leader, `watcher`
 * is the id of the tab that watches it; from another tab its own id, if that tab is seen.
 */
type Ranked = TabMessage & { readonly rank: number; readonly watcher: number | false };

export type Tabs = ReturnType<typeof createTabs>;

/** After how long without a word from the leader a tab asks for one, milliseconds: the watcher, and others. */
const watchInterval = 500;
const interval = 10_000;
/** How long the leader has for an answer, milliseconds. */
const answerTimeout = 250;
/** A leader that owes so many answers is taken for frozen. */
const missedAnswers = 2;

/**
 * Connects the tabs, which elect a leader. One whose script stands still keeps the lock, so the others ask the leader for its state
 * when they have not heard of it, and take the lead if no answer comes. Every tab wakes for such a question, and for its answer: so
 * they ask rarely, but for one that is seen, the watcher. It asks often, on a channel on which only it and the leader listen. The
 * last tab that asked while it was seen is the watcher. A tab that comes into view asks at once. Of two leaders, which there can be
 * without locks, the one stays that took the lead later.
 */
const createTabs = (owner: TabsOwner, name: string, Channel: new (name: string) => Channel) => {
  const { environment } = owner;
  const channel = new Channel(name);
  const id = Math.random();
  let watcher: number | false = false;
  /** Of the leader and the watcher. */
  let pair: Channel | undefined;
  let unanswered = 0;
  let timer: unknown;

  const onTurn = (isLeading: boolean): void => {
    appoint(false);
    owner.onTurn(isLeading);
    look();
  };
  const election = createElection({ environment, onTurn }, name);

  const post = (message: TabMessage): void => {
    const rank = election.term();
    channel.postMessage({ ...message, rank, watcher: rank ? watcher : isVisible(environment) && id } satisfies Ranked);
  };

  const setTimer = (milliseconds: number): void => {
    environment.clearTimeout(timer);
    // Tabs that hear the same do not ask at the same time.
    timer = environment.setTimeout(look, milliseconds * (1 + Math.random() / 8));
  };

  /** Asks the leader for a word now, the watcher on its own channel at first; or takes the lead when no answer came. */
  const look = (): void => {
    if (!election.isCandidate()) return;
    if (unanswered === missedAnswers) {
      unanswered = 0;
      election.takeOver();
    } else {
      if (pair && !unanswered) pair.postMessage(0);
      else post({ type: 'ask' });
      unanswered++;
    }
    setTimer(answerTimeout);
  };

  /** The leader is there. */
  const rest = (): void => {
    unanswered = 0;
    setTimer(isVisible(environment) && (pair || !watcher) ? watchInterval : interval);
  };

  /** That tab watches the leader. */
  const appoint = (tab: number | false): void => {
    watcher = tab;
    pair?.close();
    pair = election.term() || tab === id ? new Channel(`${name} watch`) : undefined;
    if (!pair) return;
    pair.onmessage = () => {
      if (election.term()) pair?.postMessage(0);
      else rest();
    };
  };

  channel.onmessage = ({ data: message }: MessageEvent<Ranked>) => {
    const rank = election.term();
    if (message.rank > rank) {
      if (rank) election.lose();
      if (message.watcher !== watcher) appoint(message.watcher);
      rest();
    }
    if (message.type === 'ask' && rank && message.watcher) watcher = message.watcher;
    if (message.type === 'free') look();
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
      election.join();
      look();
    },
    /** Stands for election no more, and passes the lead on. Still listens, unless it is over. */
    leave(isOver: boolean): void {
      if (election.term()) post({ type: 'free' });
      election.leave();
      appoint(false);
      environment.clearTimeout(timer);
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
    return document && BroadcastChannel && createTabs(owner, name, BroadcastChannel);
  } catch {
    return undefined;
  }
};
