import { createChannelLocks } from './channel-locks.ts';
import type { Channel, Environment } from './environment.ts';
import { createTabs, type Tabs, type TabsOwner } from './tabs.ts';

/**
 * Connects this tab with the browser's others that have the same queue. Undefined outside pages, and where the browser forbids
 * or lacks a channel, as Firefox does when cookies are blocked: such a tab works alone.
 */
export const joinTabs = (owner: TabsOwner, queue: string): Tabs | undefined => {
  const { environment } = owner;
  const name = `sqs-browser/2 ${queue}`;
  try {
    const { document, navigator, BroadcastChannel }: Environment = environment;
    if (!document || !BroadcastChannel) return undefined;
    const open = (channelName: string): Channel => new BroadcastChannel(channelName);
    const locks = navigator?.locks ?? createChannelLocks(environment, open);
    return createTabs(owner, name, { locks, channel: open(name) });
  } catch {
    return undefined;
  }
};
