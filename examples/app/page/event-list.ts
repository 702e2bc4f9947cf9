import type { QueueEvent } from 'sqs-browser/client';
import { readNote, type Note } from '../note.ts';

/** The most events that are shown. */
const maxEvents = 200;

const element = (name: string, className: string, ...content: readonly (string | Node)[]): HTMLElement => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
};

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

const person = (name: string): HTMLElement => {
  const made = element('b', 'person', name);
  made.dataset['person'] = name;
  return made;
};

const headline = (note: Note | undefined): readonly (string | Node)[] =>
  note
    ? [person(note.from), element('span', 'to', `to ${note.to}`)]
    : [element('span', 'to', 'Not from this page, shown as it came')];

/** How long the event took, or how long it waited for a page that slept. */
const timing = ({ sentAt }: QueueEvent, now: number, wokeAt: number): HTMLElement => {
  if (Number.isNaN(sentAt)) return element('span', 'took', 'no time given');
  const took = Math.max(0, now - sentAt);
  if (sentAt < wokeAt) return element('span', 'took waited', `waited ${seconds(took)}`);
  return element('span', 'took', took < 10_000 ? `${Math.round(took)} ms` : seconds(took));
};

/** The very text that was sent. It is text here, too, whatever is in it; lines may end after a comma. */
const payload = (text: string): HTMLElement => {
  const parts = text.split(/(?<=,)/).flatMap((part) => [part, document.createElement('wbr')]);
  return element('code', 'payload', ...parts);
};

const itemOf = (event: QueueEvent, now: number, wokeAt: number): HTMLElement => {
  const note = readNote(event.data);
  const item = element('li', note ? 'event' : 'event foreign');
  const date = new Date(Number.isNaN(event.sentAt) ? now : event.sentAt);
  const time = element('time', '', date.toLocaleTimeString());
  time.setAttribute('datetime', date.toISOString());
  item.append(element('p', 'head', ...headline(note), time, timing(event, now, wokeAt)));
  if (note) item.append(element('p', 'note', note.text));
  item.append(payload(event.text));
  return item;
};

export interface EventList {
  /** @param wokeAt when the page woke up, epoch milliseconds: what was sent before waited for it */
  readonly add: (event: QueueEvent, wokeAt: number) => void;
  /** A line between events. */
  readonly mark: (text: string) => void;
  readonly clear: () => void;
}

/** The events of a person, the last one first. @param region has a list, and what is shown while that is empty */
export const createEventList = (region: HTMLElement): EventList => {
  const list = region.querySelector('ol') ?? region.appendChild(document.createElement('ol'));
  const none = region.querySelector<HTMLElement>('.none');
  const add = (item: HTMLElement): void => {
    list.prepend(item);
    if (none) none.hidden = true;
    if (list.childElementCount > maxEvents) list.lastElementChild?.remove();
  };
  return {
    add: (event, wokeAt) => {
      add(itemOf(event, Date.now(), wokeAt));
    },
    mark: (text) => {
      add(element('li', 'mark', text));
    },
    clear: () => {
      list.replaceChildren();
      if (none) none.hidden = false;
    },
  };
};
