import { createElection, type ElectionOwner } from './election.ts';
import type { Channel, Environment, Locks } from './environment.ts';
import { isVisible } from './page.ts';
import type { TabMessage } from './tab-message.ts';

export interface TabsOwner extends ElectionOwner {
  readonly environment: Environment;
  readonly isLeading: boolean;
  onTabMessage(message: TabMessage): void;
}

export type Tabs = ReturnType<typeof createTabs>;

/** After how long without a word from the leader a tab asks it for its state, milliseconds: one that is seen, one that is not. */
const visibleHeartbeatInterval = 2_000;
const hiddenHeartbeatInterval = 10_000;
/** How long the leader has for an answer, milliseconds. */
const answerTimeout = 250;
/** A leader that owes so many answers is taken for frozen. */
const missedHeartbeats = 2;

/**
 * Connects the tabs, which elect a leader. One that is frozen keeps the lead, so the others ask it for its state when they have not heard of it, and take the lead if no answer comes. What one
 * of them hears all hear, so that one asks for all. A tab that comes into view asks at once.
 */
export const createTabs = (owner: TabsOwner, name: string, { locks, channel }: { locks: Locks; channel: Channel }) => {
  const { environment } = owner;
  const election = createElection(
    {
      onLead: () => {
        owner.onLead();
      },
      onLost: () => {
        owner.onLost();
        look();
      },
    },
    name,
    locks,
  );
  let hasLeft = false;
  let unanswered = 0;
  let heard = 0;
  let timer: unknown;

  const setTimer = (milliseconds: number): void => {
    environment.clearTimeout(timer);
    timer = environment.setTimeout(check, milliseconds);
  };

  const check = (): void => {
    if (owner.isLeading || hasLeft) return;
    const interval = isVisible(environment) ? visibleHeartbeatInterval : hiddenHeartbeatInterval;
    const silent = environment.Date.now() - heard;
    if (unanswered >= missedHeartbeats) {
      unanswered = 0;
      heard = environment.Date.now();
      election.takeOver();
      setTimer(interval);
    } else if (unanswered || silent >= interval) {
      look();
    } else {
      setTimer(interval - silent);
    }
  };

  /** Asks the leader for its state now. */
  const look = (): void => {
    if (owner.isLeading || hasLeft) return;
    unanswered++;
    channel.postMessage({ type: 'ask' } satisfies TabMessage);
    setTimer(answerTimeout);
  };

  channel.onmessage = ({ data }) => {
    const message = data as TabMessage;
    if (message.type === 'state' || message.type === 'messages') {
      unanswered = 0;
      heard = environment.Date.now();
    }
    owner.onTabMessage(message);
  };

  return {
    /** To be called when somebody may look at this tab. */
    look: (): void => {
      if (!unanswered) look();
    },
    post(message: TabMessage): void {
      channel.postMessage(message);
    },
    takeOver: (): void => {
      election.takeOver();
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
      if (isOver) channel.close();
      election.leave();
    },
  };
};
