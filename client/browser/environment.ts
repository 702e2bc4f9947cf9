/** The part of the Web Locks API the client uses. */
export interface Locks {
  request(name: string, options: LockOptions, whileHeld: () => Promise<void>): Promise<unknown>;
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
