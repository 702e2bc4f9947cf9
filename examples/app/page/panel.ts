import { connect, type Events, type Session } from 'sqs-browser/client';
import { readNewNote, recipients, type NewNote } from '../note.ts';
import { account, type Person } from '../people.ts';
import { ask } from './ask.ts';
import { announceLogin, asleepSince, onChangeElsewhere, putToSleep, wakeUp } from './browser-wide.ts';
import { createEventList, type EventList } from './event-list.ts';
import { find, findAs } from './find.ts';
import { plural } from './requests.ts';
import { showState } from './state.ts';
import { countTabs, joinTabs } from './tab-count.ts';

/** What a panel reports to the screen. */
export interface PanelOwner {
  /** The person has another session, or none. */
  readonly onSession: (session: Session | undefined) => void;
  /** The person went to sleep or woke up. */
  readonly onSleep: (isAsleep: boolean) => void;
  readonly onSent: (note: NewNote) => void;
}

/** How often what has no event of its own is shown anew, milliseconds. */
const refreshInterval = 500;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isSession = (session: Partial<Session>): session is Session => session.sqsUrl !== undefined;

/** A person's page: logs in, shows the connection and what arrives, sends, sleeps and wakes. */
export class Panel {
  readonly element: HTMLElement;
  readonly #person: Person;
  readonly #owner: PanelOwner;
  readonly #list: EventList;
  #session: Session | undefined;
  #events: Events | undefined;
  #leave: () => void = () => undefined;
  /** One after the other, so that the last answer counts. */
  #resuming = Promise.resolve();
  /** When the page woke up last, epoch milliseconds. */
  #wokeAt = 0;
  /** Events that this screen sent to the person while asleep. */
  #waiting = 0;

  constructor(person: Person, template: HTMLTemplateElement, owner: PanelOwner) {
    this.#person = person;
    this.#owner = owner;
    const copy = document.importNode(template.content, true);
    this.element = find(copy, '.panel');
    this.#fill();
    this.#list = createEventList(this.#part('.events'));
    this.#listen();
    setInterval(() => void this.#showFacts(), refreshInterval);
  }

  get isLoggedIn(): boolean {
    return this.#session !== undefined;
  }

  /** Whether it is this page that polls for the tabs of the browser. */
  get polls(): boolean {
    return this.#events?.leader ?? false;
  }

  get session(): Session | undefined {
    return this.#events?.session ?? this.#session;
  }

  /** After a reload the login is still there, unless the backend has forgotten it. */
  async resume(): Promise<void> {
    await this.#try(async () => {
      const session = await ask<Partial<Session>>(this.#person.path, 'resume');
      this.#leaveSession();
      if (isSession(session)) this.#enter(session);
    });
  }

  async logIn(): Promise<void> {
    await this.#try(async () => {
      this.#enter(await ask<Session>(this.#person.path, 'login'));
      announceLogin(this.#person.path);
    });
  }

  focus(): void {
    this.#part('input').focus();
  }

  /** Counts what waits for the person while asleep. */
  noteSent({ to }: NewNote): void {
    if (this.#session === undefined || !asleepSince(this.#person.path)) return;
    if (to === 'everyone' || to === this.#person.name) this.#waiting += 1;
    void this.#showFacts();
  }

  #part(selector: string): HTMLElement {
    return find(this.element, selector);
  }

  #fill(): void {
    const { name, userId } = this.#person;
    this.element.dataset['person'] = name;
    this.element.setAttribute('aria-label', name);
    this.#part('h2').textContent = name;
    this.#part('.avatar').textContent = name.slice(0, 1);
    this.#part('.whose').textContent = `user ${userId}`;
    this.#part('.logged-out p').textContent =
      `${name} is not logged in here. A login makes a session: a queue, and keys to it.`;
    this.#part('.login').textContent = `Log in as ${name}`;
    this.#part('.events').setAttribute('aria-label', `Events of ${name}`);
    this.#part('.none').textContent =
      `Nothing has arrived yet. What you send to ${name} is shown here. From a terminal: npx sqs-browser notify ${account} '{"msg":"Hello"}' --user ${userId}`;
    findAs(this.element, 'input', HTMLInputElement).value = `Hello from ${name}`;
    this.#part('select').append(...recipients.map((to) => new Option(to)));
  }

  #listen(): void {
    const { path } = this.#person;
    this.#part('.login').addEventListener('click', () => {
      void this.logIn().then(() => {
        this.focus();
      });
    });
    this.#part('.logout').addEventListener('click', () => void this.#logOut());
    this.#part('form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#part('.sleep').addEventListener('click', () => {
      if (asleepSince(path)) wakeUp(path);
      else putToSleep(path);
      this.#followSleep();
    });
    onChangeElsewhere('asleep', path, () => {
      this.#followSleep();
    });
    onChangeElsewhere('login', path, () => {
      this.#resuming = this.#resuming.then(() => this.resume());
    });
  }

  #enter(session: Session): void {
    this.#showProblem('');
    this.#session = session;
    this.#part('.logged-out').hidden = true;
    this.#part('.logged-in').hidden = false;
    this.#part('.whose').textContent = `user ${this.#person.userId} · session ${(session.sessionId ?? '').slice(0, 8)}`;
    this.#owner.onSession(session);
    this.#followSleep();
  }

  /** Sleeps or polls, as it is asked for in this browser. */
  #followSleep(): void {
    const session = this.session;
    if (!session) return;
    const since = asleepSince(this.#person.path);
    const button = this.#part('.sleep');
    button.textContent = since ? 'Wake up' : 'Put to sleep';
    button.setAttribute('aria-pressed', String(Boolean(since)));
    this.element.classList.toggle('asleep', Boolean(since));
    findAs(this.element, 'form', HTMLFormElement).inert = Boolean(since);
    if (since) this.#sleep(session, since);
    else if (!this.#events) this.#receive(session);
    this.#owner.onSleep(Boolean(since));
  }

  #sleep(session: Session, since: number): void {
    this.#session = session;
    void this.#events?.close();
    this.#events = undefined;
    this.#leave();
    this.#part('.sent').textContent = '';
    this.#list.mark(`Asleep since ${new Date(since).toLocaleTimeString()}`);
    showState(this.#part('.state'), 'asleep');
    void this.#showFacts();
  }

  #receive(session: Session): void {
    const { path } = this.#person;
    if (this.element.querySelector('.events .mark')) this.#wokeAt = Date.now();
    this.#waiting = 0;
    const events = (this.#events = connect({ session, renew: () => ask<Session>(path, 'renew') }));
    this.#leave = joinTabs(session.sqsUrl);
    events.addEventListener('message', (event) => {
      this.#list.add(event, this.#wokeAt);
    });
    events.addEventListener('rejected', ({ error }) => {
      this.#showProblem(`An event could not be shown: ${messageOf(error)}`);
    });
    events.addEventListener('resync', ({ since }) => {
      this.#list.mark(`Other tabs showed what came since ${new Date(since).toLocaleTimeString()}`);
    });
    events.addEventListener('statechange', ({ state }) => {
      if (events !== this.#events) return;
      showState(this.#part('.state'), state);
      if (state.reason === 'session-gone') this.#onGone();
    });
    showState(this.#part('.state'), events.state);
  }

  #onGone(): void {
    wakeUp(this.#person.path);
    this.#leaveSession();
    this.#showProblem('The login has ended. Log in again to go on.');
  }

  #leaveSession(): void {
    void this.#events?.close();
    this.#leave();
    this.#events = this.#session = undefined;
    this.element.classList.remove('asleep');
    this.#list.clear();
    this.#part('.state').textContent = this.#part('.sent').textContent = '';
    this.#part('.whose').textContent = `user ${this.#person.userId}`;
    this.#part('.logged-in').hidden = true;
    this.#part('.logged-out').hidden = false;
    this.#owner.onSession(undefined);
  }

  async #logOut(): Promise<void> {
    wakeUp(this.#person.path);
    this.#leaveSession();
    this.#part('.login').focus();
    await this.#try(() => ask(this.#person.path, 'logout'));
    announceLogin(this.#person.path);
  }

  async #send(): Promise<void> {
    const form = findAs(this.element, 'form', HTMLFormElement);
    const sent = this.#part('.sent');
    const button = findAs(this.element, 'form button', HTMLButtonElement);
    const fields = Object.fromEntries(new FormData(form));
    sent.textContent = '';
    button.disabled = true;
    await this.#try(async () => {
      const { sessions } = await ask<{ readonly sessions?: number }>(this.#person.path, 'notify', fields);
      const where = sessions === undefined ? 'on the stream' : `in ${plural(sessions, 'queue')}`;
      sent.textContent = `Sent: it is ${where}.`;
      const note = readNewNote(fields);
      if (note) this.#owner.onSent(note);
    });
    button.disabled = false;
    findAs(this.element, 'input', HTMLInputElement).select();
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    this.#showProblem('');
    await act().catch((error: unknown) => {
      this.#showProblem(messageOf(error));
    });
  }

  #showProblem(text: string): void {
    const problem = this.#part('.problem');
    problem.textContent = text;
    problem.hidden = text === '';
  }

  async #showFacts(): Promise<void> {
    const facts = this.#part('.facts');
    if (!this.#session) return;
    if (!this.#events) {
      facts.textContent = this.#waiting > 0 ? `${plural(this.#waiting, 'event')} waiting in the queue` : 'No requests';
      return;
    }
    const polls = this.#events.leader;
    const tabs = await countTabs(this.#session.sqsUrl);
    facts.textContent = `${polls ? 'This tab polls' : 'Another tab polls'}${tabs > 1 ? ` for ${plural(tabs, 'tab')}` : ''}`;
  }
}
