import type { Environment } from './environment.ts';
import type { PollPolicy, Reasons } from './types.ts';

export const isVisible = ({ document }: Environment): boolean => document?.visibilityState !== 'hidden';

/** What the browser says; true where it says nothing. */
export const isOnline = ({ navigator }: Environment): boolean => navigator?.onLine !== false;

/** `focus` is the window's, for pages that are visible side by side. */
const lifeEvents = [
  ...['visibilitychange', 'focus', 'online', 'offline', 'pagehide', 'pageshow', 'freeze', 'resume'],
] as const;

export type LifeEvent = (typeof lifeEvents)[number];

/** Tells the owner of each event of the page's life, until the signal aborts. */
export const listen = (
  owner: { readonly environment: Environment; onPage(type: LifeEvent): void },
  signal: AbortSignal,
): void => {
  for (const type of lifeEvents) {
    owner.environment.addEventListener?.(
      type,
      () => {
        owner.onPage(type);
      },
      // The document's own events do not bubble to the window. Elements get the focus too.
      { capture: type !== 'focus', signal },
    );
  }
};

/** Why a tab does not want events now, if so. */
export const pauseReason = (
  environment: Environment,
  poll: PollPolicy,
  isListening: boolean,
): Reasons['paused'] | undefined => {
  const visible = isVisible(environment);
  if (!isListening) return 'no-handler';
  if (typeof poll !== 'string') return poll({ visible, online: isOnline(environment) }) ? undefined : 'policy';
  return visible || poll === 'always' ? undefined : 'hidden';
};
