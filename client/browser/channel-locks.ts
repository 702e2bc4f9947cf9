import type { Channel, Environment, Locks } from './environment.ts';

/** What the candidates tell each other. Holders are ordered by their token, which begins with the time they took the lock. */
type LockMessage =
  /** Somebody wants the lock; the holder answers. */
  | { readonly type: 'claim'; readonly token: string }
  | { readonly type: 'holds'; readonly token: string }
  | { readonly type: 'free' };

/** How long a claim waits for an objection, milliseconds. */
const claimTimeout = 300;

/**
 * Stands in for Web Locks where a page is not a secure context, as over plain HTTP, or the browser is old: a lock that the
 * pages agree on over a channel. When two take it at once, the later one keeps it, as when it is stolen. A holder that crashed
 * says nothing any more: whoever misses it has to steal the lock.
 */
export const createChannelLocks = (environment: Environment, open: (name: string) => Channel): Locks => {
  const newToken = (): string => `${environment.Date.now()} ${Math.random()}`;

  return {
    request: (name, { steal = false, signal }, whileHeld) =>
      new Promise((resolve, reject) => {
        const channel = open(`${name} lock`);
        let token = newToken();
        let isHolding = false;
        let timer: unknown;

        const post = (message: LockMessage): void => {
          channel.postMessage(message);
        };
        const end = (): void => {
          environment.clearTimeout(timer);
          channel.close();
        };
        const lose = (): void => {
          isHolding = false;
          end();
          reject(new Error('The lock was lost'));
        };
        const take = (): void => {
          token = newToken();
          isHolding = true;
          post({ type: 'holds', token });
          void whileHeld().then((value) => {
            if (!isHolding) return;
            post({ type: 'free' });
            end();
            resolve(value);
          });
        };
        const claim = (): void => {
          post({ type: 'claim', token });
          environment.clearTimeout(timer);
          timer = environment.setTimeout(take, claimTimeout);
        };
        const listen = (message: LockMessage): void => {
          if (message.type === 'free') {
            if (!isHolding) claim();
          } else if (!isHolding) {
            // The holder objects, or somebody wanted it first.
            if (message.type === 'holds' || message.token < token) environment.clearTimeout(timer);
            else claim();
          } else if (message.type === 'holds' && message.token > token) {
            lose();
          } else {
            post({ type: 'holds', token });
          }
        };

        channel.onmessage = ({ data }) => {
          listen(data as LockMessage);
        };
        signal?.addEventListener('abort', () => {
          if (!isHolding) lose();
        });
        if (steal) take();
        else claim();
      }),
  };
};
