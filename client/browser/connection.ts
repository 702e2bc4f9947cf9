import { fullJitter } from '../shared/backoff.ts';
import { isOnline, isVisible, listen } from './page.ts';
import { QueueEvent } from './event.ts';
import type { Handlers } from './handlers.ts';
import { createInbox } from './inbox.ts';
import { keepKeys } from './keys.ts';
import { createMemory } from './memory.ts';
import { createPoller } from './poller.ts';
import { createReceipts } from './receipts.ts';
import { createSqs, type Received } from './sqs.ts';
import { remedies } from './states.ts';
import { createTabs, type Packet, type Tabs } from './tabs.ts';
import type { ConnectOptions, Message, Reasons, Session, State, WaitingState } from './types.ts';

/** Fires an event of that type with those members. */
export type Emit = (type: string, members: object) => void;

/** A tab's part in receiving a session's messages: it polls when it leads, and listens to the leader when it does not. */
export class Connection {
  readonly options: ConnectOptions;
  readonly environment;
  readonly retry;
  readonly sqs;
  readonly keys;
  readonly receipts;
  state: State = { status: 'connecting', reason: 'starting' };
  isLeading = false;
  readonly #handlers: Handlers;
  readonly #emit: Emit;
  /** What was handled anywhere in this browser. */
  readonly #handled;
  /** What this tab is through with. */
  readonly #shown;
  readonly #inbox;
  readonly #poller;
  readonly #over = new AbortController();
  #joined = false;
  #tabs: Tabs | undefined;
  #closed = Promise.resolve();

  constructor(options: ConnectOptions, handlers: Handlers, emit: Emit) {
    const { session, region, signal, share = true, environment = globalThis, retry = fullJitter() } = options;
    const { document, navigator, BroadcastChannel } = environment;
    this.options = options;
    this.environment = environment;
    this.retry = retry;
    this.sqs = createSqs(environment, region, () => this.keys.session());
    this.keys = keepKeys(session, this.sqs.now);
    this.receipts = createReceipts(this);
    this.#handlers = handlers;
    this.#emit = emit;
    this.#handled = createMemory(environment, session.sqsUrl);
    this.#shown = createMemory(environment, session.sqsUrl);
    this.#inbox = createInbox(this);
    this.#poller = createPoller(this);
    if (share && document && navigator?.locks && BroadcastChannel) {
      const name = `sqs-browser/1 ${session.sessionId ? `${session.accountId}/${session.sessionId}` : session.sqsUrl}`;
      this.#tabs = createTabs(this, name, navigator.locks, new BroadcastChannel(name));
    }
    listen(this, this.#over.signal);
    this.#join();
    const close = (): void => void this.close();
    signal?.addEventListener('abort', close);
    if (signal?.aborted) close();
  }

  /** Gives back what is not handled, and ends. */
  close(): Promise<void> {
    this.setState({ status: 'ended', reason: 'closed' });
    return this.#closed;
  }

  /** The tab has more or fewer handlers. */
  onHandlers(): void {
    if (!this.#handlers.count()) void this.#giveBack();
    this.#reconsider();
  }

  wake(): void {
    this.#poller.wake();
  }

  pause(): Reasons['paused'] | undefined {
    const { poll = 'always' } = this.options;
    const visible = isVisible(this.environment);
    if (!this.#handlers.count()) return 'no-handler';
    if (poll === 'always') return;
    if (poll === 'visible-only') return visible ? undefined : 'hidden';
    return poll({ visible, online: isOnline(this.environment) }) ? undefined : 'policy';
  }

  setState(next: State): void {
    const previous = this.state;
    const { until } = next as Partial<WaitingState>;
    const isSame = next.reason === previous.reason && until === (previous as Partial<WaitingState>).until;
    if (isSame || previous.status === 'ended') return;
    const remedy = remedies[next.reason];
    const state = (this.state = remedy ? { ...next, remedy } : next);
    if (this.isLeading && next.reason !== 'closed') this.#tabs?.post({ state });
    if (next.status === 'ended') this.#finish();
    this.#emit('statechange', { state, previous });
  }

  deliver(message: Message): () => Promise<void> {
    return this.#handlers.deliver(new QueueEvent(message));
  }

  onVerdict(message: Message, failure?: { readonly error: unknown }): void {
    this.#shown.add(message.id, false);
    this.#settle(message.id);
    if (failure) this.#emit('rejected', { message: new QueueEvent(message), ...failure });
    else this.#tabs?.post({ handled: message.id });
  }

  onSession(session: Session): void {
    this.#tabs?.post({ session });
  }

  onMessages(received: readonly Received[]): void {
    const fresh = received.filter((message) => {
      const isRepeat = this.#handled.has(message.id);
      if (isRepeat) this.receipts.discard(message);
      return !isRepeat;
    });
    if (!fresh.length) return;
    this.receipts.hold(fresh);
    const messages = fresh.map(({ id, text, sentAt }) => ({ id, text, sentAt }));
    this.#tabs?.post({ messages });
    this.#show(messages);
  }

  onLead(): void {
    this.isLeading = this.#joined;
    this.#handled.load();
    this.#tabs?.post({ state: this.state });
    void this.#poller.run();
  }

  onLost(): void {
    this.isLeading = false;
    this.wake();
  }

  onPacket({ session, messages, handled, ask, state }: Packet): void {
    const mine = this.keys.session();
    if (session && session.expires > mine.expires) this.keys.adopt(session);
    if (messages) this.#show(messages);
    if (handled) this.#settle(handled);
    if (this.isLeading) {
      if (ask) this.#tabs?.post({ state: this.state, ...(session && { session: mine }) });
    } else if (state) {
      this.setState(state);
      this.#reconsider();
    }
  }

  /** Something has happened in the life of the page. */
  onPage(type: string): void {
    if (type === 'pagehide' || type === 'freeze') {
      // Either may be the last turn. A poll that went on would take messages that nobody shows.
      this.#leave(false);
      this.sqs.abort();
      void this.receipts.giveBack();
    } else if (type === 'pageshow' || type === 'resume') {
      this.#join();
    } else {
      this.#tabs?.look();
      this.#reconsider();
    }
  }

  #settle(id: string): void {
    this.#handled.add(id, this.isLeading);
    this.receipts.settle(id);
  }

  #show(messages: readonly Message[]): void {
    if (this.#handlers.count()) this.#inbox.add(messages.filter(({ id }) => !this.#shown.has(id)));
  }

  /** A tab that wants messages takes the lead from one that does not. */
  #reconsider(): void {
    if (!this.isLeading && this.state.status === 'paused' && !this.pause()) this.#tabs?.takeOver();
    this.wake();
  }

  #join(): void {
    if (this.#joined) return;
    this.#joined = true;
    if (this.#tabs) {
      this.#tabs.join();
      this.#tabs.post({ ask: true, session: this.keys.session() });
    } else {
      queueMicrotask(() => {
        this.onLead();
      });
    }
  }

  #leave(isOver: boolean): void {
    this.#joined = this.isLeading = false;
    this.#tabs?.leave(isOver);
    this.wake();
  }

  #finish(): void {
    this.#leave(true);
    this.#tabs = undefined;
    this.#over.abort();
    this.#handlers.end();
    this.#closed = this.#giveBack();
  }

  /** A handler that runs may finish, if it does so within a second. */
  async #giveBack(): Promise<void> {
    const longEnough = new Promise<void>((resolve) => this.environment.setTimeout(resolve, 1_000));
    await Promise.race([this.#inbox.clear(), longEnough]);
    await this.receipts.giveBack();
  }
}
