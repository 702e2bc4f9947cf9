import type { RetryPolicy } from '../shared/backoff.ts';
import { checkOptions, checkSession } from './check.ts';
import { keepCredentials } from './credentials.ts';
import type { Environment } from './environment.ts';
import { QueueEvent } from './event.ts';
import { createHandlerQueue } from './handler-queue.ts';
import type { Emit, Handlers } from './handlers.ts';
import type { Log } from './log.ts';
import { listen, pauseReason, type LifeEvent } from './page.ts';
import { createPoller } from './poller.ts';
import { createReceipts } from './receipts.ts';
import { safeRetry } from './safe-retry.ts';
import { createSeenMessages } from './seen-messages.ts';
import { joinTabs, type Tabs } from './tabs.ts';
import { createSqs, type Received } from './sqs.ts';
import { initialState, isSameState, transition, type Dispatch } from './state.ts';
import type { TabMessage } from './tab-message.ts';
import { within } from './timer.ts';
import type { ConnectOptions, Message, Reasons, Session, State } from './types.ts';

/** How long the handler that runs has to finish after close(), milliseconds. */
const closeTimeout = 1_000;
/** How long a tab without a handler keeps its messages for the next one, milliseconds. */
const handlerGrace = 1_000;

/** A tab's part in receiving a session's messages: it polls when it leads, and listens to the leader when it does not. */
export class Connection {
  readonly options: ConnectOptions;
  readonly environment: Environment;
  readonly log: Log;
  readonly retry: RetryPolicy;
  readonly handlers: Handlers;
  readonly sqs;
  readonly credentials;
  readonly receipts;
  /** Follows from `dispatch`; in a tab that does not poll, from what the polling tab says. */
  state: State = initialState;
  isLeading = false;
  readonly #emit: Emit;
  readonly #seen;
  readonly #handlerQueue;
  readonly #poller;
  readonly #over = new AbortController();
  #hasJoined = false;
  /** The queue under which this tab meets the others. */
  #queue = '';
  #tabs: Tabs | undefined;
  #graceTimer: unknown;
  #closed: Promise<unknown> = Promise.resolve();

  /** @throws TypeError that names the option, or the session's field, that is missing or wrong. */
  constructor(options: ConnectOptions, handlers: Handlers, emit: Emit) {
    checkOptions(options);
    const session = checkSession(options.session, 'session');
    const { region, signal, environment = globalThis, debug } = options;
    this.options = options;
    this.environment = environment;
    this.log = debug ?? (() => undefined);
    this.retry = safeRetry(options.retry, environment);
    this.sqs = createSqs(this, region);
    this.credentials = keepCredentials(session, this.sqs.now);
    this.receipts = createReceipts(this);
    this.handlers = handlers;
    this.#emit = emit;
    this.#seen = createSeenMessages(environment, () => this.session().sqsUrl);
    this.#handlerQueue = createHandlerQueue(this);
    this.#poller = createPoller(this, this.#handlerQueue.isFull);
    listen(this, this.#over.signal);
    this.#join();
    signal?.addEventListener('abort', () => void this.close(), { signal: this.#over.signal });
    if (signal?.aborted) void this.close();
  }

  /** Gives back what is not handled, and ends. Resolves within seconds, whatever the network does. */
  async close(): Promise<void> {
    this.dispatch('ended', 'closed');
    await this.#closed;
  }

  session(): Session {
    return this.credentials.session();
  }

  /** The tab has more or fewer handlers. One that takes the place of another comes before the time is up. */
  onHandlers(): void {
    this.environment.clearTimeout(this.#graceTimer);
    if (this.handlers.count()) {
      this.#graceTimer = undefined;
      this.#handlerQueue.goOn();
    } else {
      this.#graceTimer = this.environment.setTimeout(() => {
        this.#graceTimer = undefined;
        void this.#release();
        this.#reconsider();
      }, handlerGrace);
    }
    this.#reconsider();
  }

  wake(): void {
    this.#poller.wake();
  }

  pauseReason(): Reasons['paused'] | undefined {
    return pauseReason(this.environment, this.options.poll ?? 'always', this.#isListening());
  }

  readonly dispatch: Dispatch = (status, reason, detail) => {
    const { environment, retry } = this;
    this.#setState(transition(this.state, { status, reason, detail, now: environment.Date.now(), retry }));
  };

  /** What the tab that polls says, or what follows here. */
  #setState(state: State): void {
    const previous = this.state;
    if (isSameState(state, previous) || previous.status === 'ended') return;
    this.state = state;
    this.log(`${state.status}: ${state.reason}`, 'detail' in state ? state.detail : undefined);
    if (this.isLeading && state.reason !== 'closed') this.#tell();
    if (state.status === 'ended') this.#finish();
    this.#emit('statechange', { state, previous });
  }

  onHandled({ id }: Message): void {
    this.#settle(id, true);
    this.#tabs?.post({ type: 'handled', id });
  }

  onFailure(message: Message, error: unknown, { attempt, delay }: { attempt: number; delay?: number }): void {
    this.log(`A handler failed, attempt ${attempt}, next in ${delay ?? Infinity} ms`, message.id);
    this.environment.reportError?.(error);
    if (delay === undefined) {
      this.#settle(message.id, true);
      this.#emit('rejected', { message: new QueueEvent(message), error });
    } else {
      this.receipts.postpone(message.id, delay);
    }
  }

  onSession(session: Session): void {
    this.#tabs?.post({ type: 'session', session });
    this.#regroup();
  }

  onReceived(received: readonly Received[]): void {
    const fresh = received.filter((message) => {
      const isRepeat = this.#seen.isHandled(message.id);
      if (isRepeat) this.receipts.discard(message);
      return !isRepeat;
    });
    if (!fresh.length) return;
    this.log(`${fresh.length} messages`);
    this.receipts.hold(fresh);
    const messages = fresh.map(({ id, text, sentAt }) => ({ id, text, sentAt }));
    this.#tabs?.post({ type: 'messages', messages });
    this.#show(messages);
  }

  onLead(): void {
    this.isLeading = this.#hasJoined;
    this.log('This tab polls');
    this.#seen.load();
    this.#tell();
    void this.#poller.run();
  }

  onLost(): void {
    this.isLeading = false;
    this.wake();
  }

  onTabMessage(message: TabMessage): void {
    if (message.type === 'messages') this.#show(message.messages);
    else if (message.type === 'handled') this.#settle(message.id, false);
    else if (message.type === 'session') this.#onNewerSession(message.session);
    else if (this.isLeading) this.#tell();
    else if (message.type === 'state') {
      this.#setState(message.state);
      this.#reconsider();
    }
  }

  #tell(): void {
    this.#tabs?.post({ type: 'state', state: this.state });
  }

  /** Something has happened in the life of the page. */
  onPage(type: LifeEvent): void {
    if (type === 'pagehide' || type === 'freeze') {
      // Either may be the last turn. A poll that went on would take messages that nobody shows.
      this.#seen.leave();
      this.#leave(type === 'pagehide');
      this.sqs.abort();
      void this.receipts.release();
    } else if (type === 'pageshow' || type === 'resume') {
      this.#join();
    } else {
      if (type === 'offline') this.#onOffline();
      if (type === 'online') this.#onOnline();
      this.#tabs?.look();
      this.#reconsider();
    }
  }

  #onOffline(): void {
    const { status } = this.state;
    if (!this.isLeading || (status !== 'connecting' && status !== 'polling')) return;
    this.dispatch('waiting', 'offline', 'The browser is offline');
  }

  /** What was in flight before the network was away is not waited for. */
  #onOnline(): void {
    if (!this.isLeading || this.state.status !== 'waiting') return;
    this.sqs.abort();
    this.dispatch('connecting', 'resumed');
  }

  /** Whether this tab wants messages: it has a handler, or had one a moment ago. */
  #isListening(): boolean {
    return this.handlers.count() > 0 || this.#graceTimer !== undefined;
  }

  /** A message was handled. @param isShown whether by this tab. */
  #settle(id: string, isShown: boolean): void {
    this.#seen.add(id, { isShown, keep: this.receipts.has(id) });
    this.receipts.settle(id);
  }

  #show(messages: readonly Message[]): void {
    if (this.#isListening()) this.#handlerQueue.add(messages.filter(({ id }) => !this.#seen.isShown(id)));
  }

  #onNewerSession(session: Session): void {
    if (session.expires <= this.session().expires) return;
    this.credentials.accept(session);
    this.#regroup();
  }

  /** The tabs that share a queue meet under its name: elsewhere, when the session has another queue now. */
  #regroup(): void {
    if (this.#queue === this.session().sqsUrl) return;
    this.#leave(true);
    this.#join();
  }

  /** A tab that wants messages takes the lead from one that does not. */
  #reconsider(): void {
    if (!this.isLeading && this.state.status === 'paused' && !this.pauseReason()) this.#tabs?.takeOver();
    this.wake();
  }

  #join(): void {
    if (this.#hasJoined) return;
    this.#hasJoined = true;
    this.#queue = this.session().sqsUrl;
    if (this.options.share ?? true) this.#tabs ??= joinTabs(this, this.#queue);
    queueMicrotask(() => {
      const since = this.#seen.missedSince();
      if (since !== undefined) this.#emit('resync', { since });
      if (!this.#tabs && this.#hasJoined) this.onLead();
    });
    this.#tabs?.join();
    this.#tabs?.post({ type: 'session', session: this.session() });
  }

  #leave(isOver: boolean): void {
    this.#hasJoined = this.isLeading = false;
    this.#tabs?.leave(isOver);
    if (isOver) this.#tabs = undefined;
    this.wake();
  }

  #finish(): void {
    this.#leave(true);
    this.#over.abort();
    this.environment.clearTimeout(this.#graceTimer);
    this.#poller.leave();
    this.handlers.end();
    this.#closed = this.#release();
  }

  /** A handler that runs may finish, if it does so within a second. */
  async #release(): Promise<void> {
    await within(this.environment, closeTimeout, this.#handlerQueue.clear());
    await this.receipts.release();
  }
}
