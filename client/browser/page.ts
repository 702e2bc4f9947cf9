import type { Environment } from './environment.ts';

export const isVisible = ({ document }: Environment): boolean => document?.visibilityState !== 'hidden';

/** What the browser says; true where it says nothing. */
export const isOnline = ({ navigator }: Environment): boolean => navigator?.onLine !== false;

const lifeEvents = ['visibilitychange', 'online', 'pagehide', 'pageshow', 'freeze', 'resume'];

/** Tells the owner of each event of the page's life, until the signal aborts. */
export const listen = (
  owner: { readonly environment: Environment; onPage(type: string): void },
  signal: AbortSignal,
): void => {
  const heard = ({ type }: Event): void => {
    owner.onPage(type);
  };
  for (const type of lifeEvents) owner.environment.addEventListener?.(type, heard, { capture: true, signal });
};
