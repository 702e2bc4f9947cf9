/** What people send each other, as their pages and the backend know it. */
import { people } from './people.ts';

/** Everyone of the account, a person in all browsers, or the browser that sends. */
export const recipients = ['everyone', ...people.map(({ name }) => name), 'this browser'] as const;

export type To = (typeof recipients)[number];

/** The longest text of a note, characters. */
export const maxText = 500;

/** What a page asks its backend to send. */
export interface NewNote {
  readonly to: To;
  /** By the API, or by the Kinesis stream. */
  readonly by: 'notify' | 'stream';
  readonly text: string;
}

/** What arrives. */
export interface Note extends NewNote {
  readonly type: 'note';
  readonly from: string;
}

type Fields = Readonly<Record<string, unknown>>;

const hasFields = (given: unknown): given is Fields => typeof given === 'object' && given !== null;

/** The note that a page sent; undefined if a field is wrong. */
export const readNewNote = (given: unknown): NewNote | undefined => {
  if (!hasFields(given)) return undefined;
  const { to, by, text } = given;
  const recipient = recipients.find((each) => each === to);
  if (!recipient || (by !== 'notify' && by !== 'stream')) return undefined;
  if (typeof text !== 'string' || text === '' || text.length > maxText) return undefined;
  return { to: recipient, by, text };
};

/** The note in an event's data; undefined for what somebody else sent to the session. */
export const readNote = (data: unknown): Note | undefined => {
  if (!hasFields(data)) return undefined;
  const { type, from } = data;
  const note = readNewNote(data);
  return note && type === 'note' && typeof from === 'string' ? { ...note, type, from } : undefined;
};
