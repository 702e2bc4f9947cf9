import type { Channel, Environment, Locks } from '../../../client/browser/connect.ts';
import type { FakeClock } from './fake-clock.ts';

interface LockRequest {
  readonly owner: FakeTab;
  readonly name: string;
  readonly hold: () => Promise<void>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const aborted = (): DOMException => new DOMException('Aborted', 'AbortError');

/** What the tabs of one browser share: Web Locks, BroadcastChannels and localStorage. */
export class FakeBrowser {
  readonly storage = new Map<string, string>();
  readonly clock: FakeClock;
  readonly fetch: Environment['fetch'];
  readonly channels = new Set<FakeChannel>();
  /** How often a tab woke for a message of another. */
  wakes = 0;
  /** How often something was written down in localStorage. */
  writes = 0;
  readonly #held = new Map<string, LockRequest>();
  readonly #queue: LockRequest[] = [];

  constructor(clock: FakeClock, fetch: Environment['fetch']) {
    this.clock = clock;
    this.fetch = fetch;
  }

  tab(): FakeTab {
    return new FakeTab(this);
  }

  /** The page that a tab has after it was loaded again. */
  reload(tab: FakeTab): FakeTab {
    tab.leave();
    return new FakeTab(this, tab.session);
  }

  holder(): FakeTab | undefined {
    return [...this.#held.values()][0]?.owner;
  }

  locks(owner: FakeTab): Locks {
    return {
      request: (name, { steal = false, signal }, hold) =>
        new Promise((resolve, reject) => {
          const request = { owner, name, hold, resolve, reject };
          signal?.addEventListener('abort', () => {
            const index = this.#queue.indexOf(request);
            if (index < 0) return;
            this.#queue.splice(index, 1);
            reject(aborted());
          });
          const holder = this.#held.get(name);
          if (steal && holder) {
            this.#held.delete(name);
            holder.owner.run(() => {
              holder.reject(aborted());
            });
          }
          this.#queue[steal ? 'unshift' : 'push'](request);
          setImmediate(() => {
            this.grant();
          });
        }),
    };
  }

  grant(): void {
    for (const request of [...this.#queue]) {
      const { name, owner, hold, resolve } = request;
      if (this.#held.has(name)) continue;
      this.#queue.splice(this.#queue.indexOf(request), 1);
      this.#held.set(name, request);
      owner.run(() => {
        void hold().then((value) => {
          if (this.#held.get(name) === request) this.#held.delete(name);
          resolve(value);
          this.grant();
        });
      });
    }
  }

  /** As a crash: the tab's locks are free, its channels silent, and nothing of it runs any more. */
  release(owner: FakeTab): void {
    for (const [name, request] of this.#held) if (request.owner === owner) this.#held.delete(name);
    for (const request of this.#queue.filter((each) => each.owner === owner)) {
      this.#queue.splice(this.#queue.indexOf(request), 1);
    }
    for (const channel of this.channels) if (channel.owner === owner) this.channels.delete(channel);
    this.grant();
  }
}

class FakeChannel implements Channel {
  onmessage: Channel['onmessage'] = null;
  readonly owner: FakeTab;
  readonly #name: string;
  readonly #browser: FakeBrowser;

  constructor(browser: FakeBrowser, owner: FakeTab, name: string) {
    this.#browser = browser;
    this.owner = owner;
    this.#name = name;
    browser.channels.add(this);
  }

  postMessage(message: unknown): void {
    if (this.owner.isDead || this.owner.losesPosts) return;
    if (!this.#browser.channels.has(this)) throw new DOMException('The channel is closed', 'InvalidStateError');
    const data = structuredClone(message);
    for (const other of this.#browser.channels) {
      if (other === this || other.#name !== this.#name) continue;
      setImmediate(() => {
        other.owner.run(() => {
          // https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-postmessage
          if (!this.#browser.channels.has(other)) return;
          this.#browser.wakes++;
          other.onmessage?.({ data } as MessageEvent);
        });
      });
    }
  }

  close(): void {
    this.#browser.channels.delete(this);
  }
}

/** A tab; its environment is what `connect` gets. */
export class FakeTab {
  visibility: 'visible' | 'hidden' = 'visible';
  online = true;
  /** Whether what it posts reaches nobody: a process that crashes takes what it said in its last moment with it. */
  losesPosts = false;
  readonly environment: Environment;
  readonly #browser: FakeBrowser;
  readonly #page = new EventTarget();
  #life: 'running' | 'frozen' | 'dead' = 'running';
  #waiting: (() => void)[] = [];

  /** What the tab's sessionStorage has. */
  readonly session: Map<string, string>;

  constructor(browser: FakeBrowser, session = new Map<string, string>()) {
    this.#browser = browser;
    this.session = session;
    const { clock, storage } = browser;
    const locks = browser.locks(this);
    const isOnline = (): boolean => this.online;
    const isVisible = (): string => this.visibility;
    const itself = (): FakeTab => this;
    this.environment = {
      fetch: (url, init) => this.#whenRunning(browser.fetch(url, init)),
      setTimeout: (callback, milliseconds) =>
        clock.setTimeout(() => {
          this.run(callback);
        }, milliseconds),
      clearTimeout: clock.clearTimeout,
      Date: clock,
      document: {
        get visibilityState() {
          return isVisible();
        },
      },
      navigator: {
        locks,
        get onLine() {
          return isOnline();
        },
      },
      localStorage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => {
          browser.writes++;
          storage.set(key, value);
        },
      },
      sessionStorage: {
        getItem: (key) => session.get(key) ?? null,
        setItem: (key, value) => void session.set(key, value),
      },
      BroadcastChannel: class extends FakeChannel {
        constructor(name: string) {
          super(browser, itself(), name);
        }
      },
      // Freeze and resume are fired at the document and do not bubble: the window hears them only while they are captured.
      // https://wicg.github.io/page-lifecycle/#run-frozen-steps
      addEventListener: (type: string, listener: (event: Event) => void, options: AddEventListenerOptions) => {
        if (options.capture || !['freeze', 'resume'].includes(type))
          this.#page.addEventListener(type, listener, options);
      },
    };
  }

  /** Runs now, when the tab thaws, or never. */
  run(task: () => void): void {
    if (this.#life === 'running') task();
    else if (this.#life === 'frozen') this.#waiting.push(task);
  }

  #whenRunning<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const settled = (): void => {
        this.run(() => {
          promise.then(resolve, reject);
        });
      };
      promise.then(settled, settled);
    });
  }

  get isDead(): boolean {
    return this.#life === 'dead';
  }

  fire(type: string): void {
    this.#page.dispatchEvent(new Event(type));
  }

  show(visibility: 'visible' | 'hidden'): void {
    this.visibility = visibility;
    this.fire('visibilitychange');
  }

  /** Stands still without warning, as a page does whose process is stopped. */
  freeze(): void {
    this.#life = 'frozen';
  }

  thaw(): void {
    this.#life = 'running';
    for (const task of this.#waiting.splice(0)) task();
  }

  crash(): void {
    this.#life = 'dead';
    this.#browser.release(this);
  }

  /** Closes or leaves the page: its last turn, and then nothing. */
  leave(): void {
    this.fire('pagehide');
    this.crash();
  }
}
