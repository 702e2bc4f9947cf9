/** The page: logs in, shows what arrives and how the connection is, and sends. */
import { connect, type Events, type QueueEvent, type Session, type State } from 'sqs-browser/client';
import { people } from '../people.ts';

interface Note {
  readonly from: string;
  readonly text: string;
  readonly to: string;
  readonly by: string;
}

/** The element of that id; the page has it. */
const find = <Kind extends HTMLElement>(id: string, Kind: new () => Kind): Kind => {
  const element = document.getElementById(id);
  if (element instanceof Kind) return element;
  throw new TypeError(`The page has no ${Kind.name} #${id}`);
};

const problem = find('problem', HTMLParagraphElement);
const login = find('login', HTMLFormElement);
const person = find('person', HTMLSelectElement);
const application = find('application', HTMLDivElement);
const who = find('who', HTMLParagraphElement);
const stateLine = find('state', HTMLParagraphElement);
const notify = find('notify', HTMLFormElement);
const sent = find('sent', HTMLParagraphElement);
const none = find('none', HTMLParagraphElement);
const list = find('events', HTMLOListElement);

/** The most events that are shown. */
const maxEvents = 200;

/** Asks the backend. Rejects with its error, which has a `name`, so that `renew` can tell a session that is gone. */
const ask = async <Answer>(action: string, body: object = {}): Promise<Answer> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(action, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as Answer & { readonly error?: string; readonly message?: string };
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.message), { name: answer.error });
};

const showProblem = (text: string): void => {
  problem.textContent = text;
  problem.hidden = text === '';
};

const sentences: Record<State['status'], string> = {
  connecting: 'Connecting',
  polling: 'Connected: events arrive as they are sent',
  paused: 'Paused: events wait in the queue',
  renewing: 'Renewing the keys',
  waiting: 'Waiting to try again: events wait in the queue',
  ended: 'Ended',
};

const showState = (state: State): void => {
  const why = state.remedy ? ` (${state.reason}: ${state.remedy})` : '';
  stateLine.textContent = `${sentences[state.status]}${why}`;
  stateLine.dataset['status'] = state.status;
};

const isNote = (data: unknown): data is Note => {
  const { from, to, text } = Object(data) as Partial<Record<keyof Note, unknown>>;
  return [from, to, text].every((field) => typeof field === 'string');
};

const showEvent = ({ data, text: raw, sentAt }: QueueEvent): void => {
  const item = document.createElement('li');
  const time = document.createElement('time');
  const text = document.createElement('p');
  const date = new Date(Number.isNaN(sentAt) ? Date.now() : sentAt);
  time.dateTime = date.toISOString();
  time.textContent = `${date.toLocaleTimeString()}, ${Math.max(0, Math.round(Date.now() - date.getTime()))} ms`;
  // Anything may be sent to a session: what is not from this page is shown as it is.
  text.textContent = isNote(data) ? `${data.from} to ${data.to}: ${data.text}` : raw;
  item.append(time, text);
  list.prepend(item);
  none.hidden = true;
  if (list.childElementCount > maxEvents) list.lastElementChild?.remove();
};

/** Shows the form to log in, or the application; the focus goes to what is to be done first. */
const show = (loggedIn: boolean): void => {
  login.hidden = loggedIn;
  application.hidden = who.hidden = !loggedIn;
  if (loggedIn) find('text', HTMLInputElement).focus();
  else person.focus();
};

/** Whose session it is: another tab of this browser may have logged in as somebody else. */
const showName = (session: Session & { readonly name?: string }): void => {
  find('name', HTMLElement).textContent = session.name ?? '';
};

let events: Events | undefined;

const receive = (session: Session): void => {
  const connection = (events = connect({ session, renew: () => ask<Session>('renew') }));
  connection.addEventListener('message', showEvent);
  connection.addEventListener('rejected', ({ error }) => {
    showProblem(`An event could not be shown: ${String(error)}`);
  });
  connection.addEventListener('statechange', ({ state }) => {
    showState(state);
    showName(connection.session);
    if (state.reason !== 'session-gone') return;
    showProblem('Your login has ended, here or in another tab. Log in again to go on.');
    show(false);
  });
  showState(connection.state);
};

/** Does what a form is for, once at a time, and says what goes wrong. */
const onSubmit = (form: HTMLFormElement, act: (entries: object) => Promise<void>): void => {
  const button = form.querySelector('button');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    showProblem('');
    if (button) button.disabled = true;
    act(Object.fromEntries(new FormData(form)))
      .catch((error: unknown) => {
        showProblem(`That did not work. ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => {
        if (button) button.disabled = false;
      });
  });
};

for (const { name } of people) person.add(new Option(name));

const enter = (session: Session): void => {
  showName(session);
  receive(session);
  show(true);
};

onSubmit(login, async (entries) => {
  enter(await ask<Session>('login', entries));
});

// After a reload the login is still there, unless the backend has forgotten it. Who it is the backend says: another tab of this
// browser may have logged in as somebody else meanwhile.
ask<Session>('renew').then(enter, () => undefined);

onSubmit(notify, async (entries) => {
  sent.textContent = '';
  const { delivered } = await ask<{ readonly delivered?: number }>('notify', {
    ...entries,
    from: find('name', HTMLElement).textContent,
  });
  const to = delivered === 1 ? '1 session has it' : `${delivered} sessions have it`;
  sent.textContent = delivered === undefined ? 'It is on the stream.' : `Sent: ${to}.`;
});

find('logout', HTMLButtonElement).addEventListener('click', () => {
  void events?.close();
  list.replaceChildren();
  none.hidden = false;
  sent.textContent = '';
  showProblem('');
  show(false);
  ask('logout').catch((error: unknown) => {
    showProblem(`You are logged out here, but the session goes on: ${String(error)}`);
  });
});
