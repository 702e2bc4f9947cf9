/** The part of the Web Locks API the client uses. */
export interface Locks {
  request(name: string, options: LockOptions, whileHeld: () => Promise<void>): Promise<unknown>;
}

/** The part of a BroadcastChannel the client uses. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** The part of localStorage and sessionStorage the client uses. */
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * All that the client uses of where it runs, under the names the global object has it: the global object is one. Outside
 * pages there is no document, and then no storage and no sharing.
 */
export interface Environment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly Date: { now(): number };
  readonly document?: { readonly visibilityState: string };
  readonly navigator?: { readonly onLine?: boolean; readonly locks?: Locks };
  readonly localStorage?: KeyValueStorage;
  readonly sessionStorage?: KeyValueStorage;
  readonly BroadcastChannel?: new (name: string) => Channel;
  readonly console?: { debug(...values: unknown[]): void };
  /** Reports what a handler threw, as the browser does for any listener. */
  reportError?(error: unknown): void;
  /** For the events of the page's life. */
  addEventListener?(type: string, listener: (event: Event) => void, options: AddEventListenerOptions): void;
}
