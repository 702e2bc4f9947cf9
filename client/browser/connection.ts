import type { RetryPolicy } from '../shared/backoff.ts';
import { checkOptions, checkSession } from './check.ts';
import { keepCredentials } from './credentials.ts';
import type { Environment } from './environment.ts';
import { QueueEvent } from './event.ts';
import { createHandlerQueue } from './handler-queue.ts';
import type { Emit, Handlers } from './handlers.ts';
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
  readonly retry: RetryPolicy;
  readonly handlers: Handlers;
  readonly sqs;
  readonly credentials;
  readonly receipts;
  /** Follows from `dispatch`; in a tab that does not poll, from what the polling tab says. */
  state: State = initialState;
  isLeading = false;
  private readonly emit: Emit;
  private readonly seen;
  private readonly handlerQueue;
  private readonly poller;
  private readonly over = new AbortController();
  private hasJoined = false;
  /** The queue under which this tab meets the others. */
  private queue = '';
  private tabs: Tabs | undefined;
  private graceTimer: unknown;
  /** Resolves when this tab has what it missed. */
  private caughtUp: Promise<void> | undefined;
  private closing: Promise<void> | undefined;

  /** @throws TypeError that names the option, or the session's field, that is missing or wrong. */
  constructor(options: ConnectOptions, handlers: Handlers, emit: Emit) {
    checkOptions(options);
    const session = checkSession(options.session, 'session');
    const { signal, environment = globalThis } = options;
    this.options = options;
    this.environment = environment;
    this.retry = safeRetry(options.retry, environment);
    this.sqs = createSqs(this);
    this.credentials = keepCredentials(session, this.sqs.now);
    this.receipts = createReceipts(this);
    this.handlers = handlers;
    this.emit = emit;
    this.seen = createSeenMessages(environment, () => this.session().sqsUrl);
    this.handlerQueue = createHandlerQueue(this);
    this.poller = createPoller(this, this.handlerQueue.isFull);
    listen(this, this.over.signal);
    this.enter();
    signal?.addEventListener('abort', () => void this.close(), { signal: this.over.signal });
    if (signal?.aborted) void this.close();
  }

  /** Gives back what is not handled, and ends. Resolves within seconds, whatever the network does. */
  async close(): Promise<void> {
    this.dispatch('ended', 'closed');
    await this.closing;
  }

  session(): Session {
    return this.credentials.session();
  }

  /** The tab has more or fewer handlers. One that takes the place of another comes before the time is up. */
  onHandlers(): void {
    this.environment.clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
    if (this.handlers.total()) {
      this.handlerQueue.goOn();
    } else {
      this.graceTimer = this.environment.setTimeout(() => {
        this.graceTimer = undefined;
        void this.release();
        this.reconsider();
      }, handlerGrace);
    }
    this.reconsider();
  }

  wake(): void {
    this.poller.wake();
  }

  pauseReason(): Reasons['paused'] | undefined {
    return pauseReason(this.environment, this.options.poll ?? 'always', this.isListening());
  }

  readonly dispatch: Dispatch = (status, reason, detail) => {
    const retryAt = (attempt: number): number => this.environment.Date.now() + this.retry(attempt);
    this.setState(transition(this.state, { status, reason, detail }, retryAt));
  };

  /** What the tab that polls says, or what follows here. */
  private setState(state: State): void {
    const previous = this.state;
    if (isSameState(state, previous) || previous.status === 'ended') return;
    this.state = state;
    this.options.debug?.(`${state.status}: ${state.reason}`, 'detail' in state ? state.detail : undefined);
    if (this.isLeading && state.reason !== 'closed') this.tell();
    if (state.status === 'ended') this.finish();
    this.emit('statechange', { state, previous });
  }

  onHandled({ id }: Message): void {
    this.settle(id, true);
    this.tabs?.post({ type: 'handled', id });
  }

  onFailure(message: Message, error: unknown, attempt: number, delay?: number): void {
    this.options.debug?.(`Attempt ${attempt} failed`, message.id);
    this.environment.reportError?.(error);
    if (delay === undefined) {
      this.settle(message.id, true);
      this.emit('rejected', { message: new QueueEvent(message), error });
    } else {
      this.receipts.postpone(message.id, delay);
    }
  }

  onSession(session: Session): void {
    this.tabs?.post({ type: 'session', session });
    this.regroup();
  }

  onReceived(received: readonly Received[]): void {
    const fresh = received.filter((one) => {
      const isNew = this.seen.isNew(one.message);
      if (!isNew) this.receipts.discard(one);
      return isNew;
    });
    if (!fresh.length) return;
    this.options.debug?.(`${fresh.length} messages`);
    this.receipts.hold(fresh);
    const messages = fresh.map(({ message }) => message);
    this.options.history?.record(this.queue, messages);
    this.tabs?.post({ type: 'messages', messages });
    void this.show(messages);
  }

  onTurn(isLeading: boolean): void {
    this.isLeading = isLeading && this.hasJoined;
    if (isLeading) {
      // First, so that a tab that wants messages does not say that it pauses: others would take the lead for that.
      void this.poller.run();
      this.tell();
    }
    this.wake();
  }

  onTabMessage(message: TabMessage): void {
    if (message.type === 'messages') void this.show(message.messages);
    else if (message.type === 'handled') this.settle(message.id, false);
    else if (message.type === 'session') this.onNewerSession(message.session);
    else if (this.isLeading) this.tell();
    else if (message.type === 'state') {
      this.setState(message.state);
      this.reconsider();
    }
  }

  private tell(): void {
    this.tabs?.post({ type: 'state', state: this.state });
  }

  /** Something has happened in the life of the page. */
  onPage(type: LifeEvent): void {
    if (/pagehide|freeze/.test(type)) {
      // Either may be the last turn. A poll that went on would take messages that nobody shows.
      this.seen.leave();
      this.leave(type === 'pagehide');
      this.sqs.giveUp();
      void this.receipts.release();
    } else if (/pageshow|resume/.test(type)) {
      this.enter();
    } else {
      if (type.endsWith('line')) this.onNetwork(type === 'online');
      this.tabs?.look();
      this.reconsider();
    }
  }

  /** The browser lost the network, or has it again: then what was in flight before is not waited for. */
  private onNetwork(isOnline: boolean): void {
    const isWaiting = this.state.status === 'waiting';
    if (!this.isLeading || isWaiting !== isOnline) return;
    if (isOnline) {
      this.sqs.giveUp();
      this.dispatch('connecting', 'resumed');
    } else if (/connecting|polling/.test(this.state.status)) {
      this.dispatch('waiting', 'offline', 'offline');
    }
  }

  /** Whether this tab wants messages: it has a handler, or had one a moment ago. */
  private isListening(): boolean {
    return this.handlers.total() > 0 || this.graceTimer !== undefined;
  }

  /** A message was handled. @param isShown whether by this tab. */
  private settle(id: string, isShown: boolean): void {
    this.seen.note(id, isShown, this.receipts.settle(id));
  }

  private async show(messages: readonly Message[]): Promise<void> {
    await this.caughtUp;
    this.queueUp(messages.filter((message) => this.seen.isNew(message)));
  }

  private queueUp(messages: readonly Message[]): void {
    if (this.isListening() && this.state.status !== 'ended') this.handlerQueue.queueUp(messages);
  }

  private onNewerSession(session: Session): void {
    if (session.expires <= this.session().expires) return;
    this.credentials.accept(session);
    this.regroup();
  }

  /** The tabs that share a queue meet under its name: elsewhere, when the session has another queue now. */
  private regroup(): void {
    if (this.queue === this.session().sqsUrl) return;
    this.leave(true);
    this.enter();
  }

  /** A tab that wants messages takes the lead from one that does not. */
  private reconsider(): void {
    if (!this.isLeading && this.state.status === 'paused' && !this.pauseReason()) this.tabs?.takeOver();
    this.wake();
  }

  private enter(): void {
    if (this.hasJoined) return;
    this.hasJoined = true;
    this.queue = this.session().sqsUrl;
    if (this.options.share ?? true) this.tabs ??= joinTabs(this, this.queue);
    queueMicrotask(() => {
      this.caughtUp = this.catchUp();
      if (!this.tabs) this.onTurn(true);
    });
    this.tabs?.join();
    this.tabs?.post({ type: 'session', session: this.session() });
  }

  /** Shows what other tabs handled while this one was away, if that is kept, and only then what comes now. */
  private async catchUp(): Promise<void> {
    const since = this.seen.missedSince();
    if (!since) return;
    const missed = await this.options.history?.missed(this.queue, ...since);
    if (missed) this.queueUp(missed.filter((message) => !this.seen.isShown(message)));
    else this.emit('resync', { since: since[0] });
  }

  private leave(isOver: boolean): void {
    this.hasJoined = this.isLeading = false;
    this.tabs?.leave(isOver);
    if (isOver) this.tabs = undefined;
    this.wake();
  }

  private finish(): void {
    this.leave(true);
    this.over.abort();
    this.environment.clearTimeout(this.graceTimer);
    this.poller.leave();
    this.handlers.endLoops();
    this.closing = this.release();
  }

  /** A handler that runs may finish, if it does so within a second. */
  private async release(): Promise<void> {
    await within(this.environment, closeTimeout, this.handlerQueue.forget());
    await this.receipts.release();
  }
}
