import type { Channel, Environment, Locks } from './environment.ts';
import { isVisible } from './page.ts';
import type { Message, Session, State } from './types.ts';

/** What the tabs of a browser tell each other. */
export interface Packet {
  /** From the leader: what the connection is doing. */
  readonly state?: State;
  /** Keys, from whoever has newer ones. */
  readonly session?: Session;
  /** From the leader: messages that came. */
  readonly messages?: readonly Message[];
  /** From any tab: a message was handled. */
  readonly handled?: string;
  /** To the leader, which answers with its state: a new tab came, or a tab wonders whether the leader lives. */
  readonly ask?: true;
}

export interface TabsOwner {
  readonly environment: Environment;
  readonly isLeading: boolean;
  onLead(): void;
  onLost(): void;
  onPacket(packet: Packet): void;
}

export type Tabs = ReturnType<typeof createTabs>;

/** A tab that can be seen asks the leader for a sign of life this often, milliseconds; a hidden one every five seconds. */
const watchful = 250;
/** A leader that owes so many answers is taken for frozen. */
const tolerance = 2;

/**
 * Elects one of the tabs by a Web Lock, which the browser passes on when its holder closes or crashes. A holder that is
 * frozen keeps it, so the others ask it for a sign of life, and take the lock if none comes.
 */
export const createTabs = (owner: TabsOwner, name: string, locks: Locks, channel: Channel) => {
  const { environment } = owner;
  /** Whether this tab is out of the running. */
  let left = false;
  /** The request for the lock that counts: the last one. */
  let turn = 0;
  let queued = new AbortController();
  let release: (() => void) | undefined;
  let unanswered = 0;
  let timer: unknown;

  const compete = (steal: boolean): void => {
    const mine = ++turn;
    queued.abort();
    queued = new AbortController();
    let granted = false;
    const hold = async (): Promise<void> => {
      if (left) return;
      granted = true;
      owner.onLead();
      await new Promise<void>((resolve) => (release = resolve));
    };
    locks.request(name, steal ? { steal } : { signal: queued.signal }, hold).catch(() => {
      if (left || mine !== turn) return;
      if (granted) {
        owner.onLost();
        compete(false);
        look();
      } else {
        // Locks are forbidden here, as in a sandboxed frame: this tab works alone.
        void hold();
      }
    });
  };

  const look = (): void => {
    if (owner.isLeading) {
      unanswered = 0;
    } else if (unanswered++ < tolerance) {
      channel.postMessage({ ask: true });
    } else {
      unanswered = 0;
      compete(true);
    }
    environment.clearTimeout(timer);
    timer = environment.setTimeout(look, isVisible(environment) && !owner.isLeading ? watchful : 5_000);
  };

  channel.onmessage = ({ data }) => {
    const packet = data as Packet;
    if (packet.state) unanswered = 0;
    owner.onPacket(packet);
  };

  return {
    /** To be called when this tab can be seen again. */
    look,
    post(packet: Packet): void {
      channel.postMessage(packet);
    },
    /** Becomes the leader at once, whoever is. */
    takeOver(): void {
      compete(true);
    },
    /** Stands for election. */
    join(): void {
      left = false;
      compete(false);
      look();
    },
    /** Stands for election no more, and passes the lead on. Still listens, unless it is over. */
    leave(isOver: boolean): void {
      left = true;
      queued.abort();
      environment.clearTimeout(timer);
      if (isOver) channel.close();
      release?.();
    },
  };
};
