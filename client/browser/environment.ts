/** The part of the Web Locks API the client uses. */
export interface Locks {
  request(name: string, options: LockOptions, hold: () => Promise<void>): Promise<unknown>;
}

/** The part of a BroadcastChannel the client uses. */
export interface Channel {
  postMessage(packet: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

/**
 * All that the client uses of where it runs, under the names the global object has it: the global object is one. Outside
 * pages there is no document, and then neither a memory of what was handled nor sharing.
 */
export interface Environment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly Date: { now(): number };
  readonly document?: { readonly visibilityState: string };
  readonly navigator?: { readonly onLine?: boolean; readonly locks?: Locks };
  readonly localStorage?: Pick<Storage, 'getItem' | 'setItem'>;
  readonly BroadcastChannel?: new (name: string) => Channel;
  /** For the events of the page's life. */
  addEventListener?(type: string, listener: (event: Event) => void, options: AddEventListenerOptions): void;
}

export const isVisible = ({ document }: Environment): boolean => document?.visibilityState !== 'hidden';

/** What the browser says; true where it says nothing. */
export const isOnline = ({ navigator }: Environment): boolean => navigator?.onLine !== false;

const lifeEvents = ['visibilitychange', 'online', 'pagehide', 'pageshow', 'freeze', 'resume'];

/** Tells the owner of each event of the page's life, until the signal aborts. */
export function listen(
  owner: { readonly environment: Environment; onPage(type: string): void },
  signal: AbortSignal,
): void {
  const heard = ({ type }: Event): void => {
    owner.onPage(type);
  };
  for (const type of lifeEvents) owner.environment.addEventListener?.(type, heard, { capture: true, signal });
}
