import type { Session } from 'sqs-browser/client';
import { find, findAs } from './find.ts';
import { plural } from './requests.ts';
import { onMessage, post, type TabStatus } from './tab-message.ts';

/** How many small tabs are opened: with the person's own page they are seven. */
const more = 6;

/** The small tabs with the session of a person. */
export class Tabs {
  readonly #path: string;
  readonly #list = find(document, '#tabs');
  readonly #button = findAs(document, '#open-tabs', HTMLButtonElement);
  readonly #frames = new Map<HTMLIFrameElement, TabStatus | undefined>();
  readonly #ownPolls: () => boolean;
  #session: Session | undefined;
  #queue = '';

  /** @param ownPolls whether the person's own page polls */
  constructor(path: string, ownPolls: () => boolean) {
    this.#path = path;
    this.#ownPolls = ownPolls;
    this.#button.addEventListener('click', () => {
      if (this.#frames.size > 0) this.#closeAll();
      else for (let count = 0; count < more; count++) this.#open(count + 2);
      this.#show();
    });
    onMessage('tab-status', (status, source) => {
      const frame = [...this.#frames.keys()].find(({ contentWindow }) => contentWindow === source);
      if (!frame) return;
      if (!this.#frames.get(frame)) this.#give(frame);
      this.#frames.set(frame, status);
      this.#show();
    });
  }

  /** The session is another one, or there is none. */
  setSession(session: Session | undefined): void {
    this.#button.disabled = !session;
    if (session?.sqsUrl !== this.#queue) this.#closeAll();
    this.#queue = session?.sqsUrl ?? '';
    this.#session = session;
    this.#show();
  }

  /** All tabs of a laptop sleep. */
  setAsleep(session: Session | undefined): void {
    this.#session = session;
    for (const frame of this.#frames.keys()) this.#give(frame);
  }

  #give({ contentWindow }: HTMLIFrameElement): void {
    if (contentWindow) post(contentWindow, { type: 'tab-session', session: this.#session });
  }

  #open(number: number): void {
    const item = document.createElement('li');
    const frame = document.createElement('iframe');
    const close = document.createElement('button');
    frame.title = `Tab ${number}`;
    frame.src = `tab.html?person=${this.#path}`;
    close.textContent = '×';
    close.setAttribute('aria-label', `Close tab ${number}`);
    close.className = 'plain';
    close.addEventListener('click', () => {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      this.#frames.delete(frame);
      (next?.querySelector('button') ?? this.#button).focus();
      this.#show();
    });
    item.append(frame, close);
    this.#frames.set(frame, undefined);
    this.#list.append(item);
  }

  #closeAll(): void {
    for (const frame of this.#frames.keys()) frame.parentElement?.remove();
    this.#frames.clear();
  }

  #show(): void {
    const statuses = [...this.#frames.values()].filter((status) => status !== undefined);
    const own = this.#ownPolls();
    const polling = statuses.filter(({ polls }) => polls).length + Number(own);
    this.#list.hidden = this.#frames.size === 0;
    find(this.#list, '.own').dataset['role'] = own ? 'Polls' : 'Listens';
    find(this.#list, '.own .role').textContent = own ? 'Polls' : 'Listens';
    this.#button.textContent = this.#frames.size > 0 ? 'Close them' : 'Open six more tabs';
    const count = find(document, '#tabs-count');
    const text = `${plural(this.#frames.size + 1, 'tab')}, ${plural(polling, 'poll')}`;
    count.textContent = this.#frames.size > 0 ? text : '';
  }
}
