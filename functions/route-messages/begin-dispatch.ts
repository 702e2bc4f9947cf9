import * as z from 'zod/mini';
import { checkInteger, checkObject, checkSessionId, checkQuery, memberTexts } from '../aws/input.ts';
import { messagesInputSchema, noTotals, notifyInputSchema, type Notify, type Progress } from '../dispatch/dispatch.ts';
import { escapeRefused, parse, readAddressees, type Addressees } from '../dispatch/message.ts';

/** The input of the dispatch machine. */
export const dispatchInputSchema = z.union([notifyInputSchema, messagesInputSchema]);
export type DispatchInput = z.output<typeof dispatchInputSchema>;

export interface Beginning {
  readonly now: () => number;
  /** The execution's name. */
  readonly execution: string;
}

/** The API answers within 29 seconds, so a notify call stops after this, and a publish call too; in milliseconds. */
const notifyTime = 20_000;

/**
 * No plan is begun after this; in milliseconds. The machine has 290 seconds, and a plan that meets every timeout and retry takes
 * more than two minutes.
 */
const dispatchTime = 150_000;

/**
 * Begins a dispatch. A notify call's message is made here. Its id is the execution's name, so that a retry makes the same
 * message, and so that the id that the caller and the browser know finds the execution.
 * @throws InvalidRequest, MessageTooLarge
 */
export const beginDispatch = (input: DispatchInput, { now, execution }: Beginning): Progress => {
  const start = now();
  if ('notify' in input) {
    const message = { ...buildMessage(input.notify), messageId: execution, sentAt: start };
    return { messages: [message], totals: noTotals, deadline: start + notifyTime, atDeadline: 'continue' };
  }
  const { messages, cursor, totals = noTotals, answerBy, continued } = input;
  return {
    messages,
    ...(cursor && { cursor }),
    totals,
    deadline: answerBy ?? start + dispatchTime,
    atDeadline: continued || answerBy !== undefined ? 'continue' : 'answer',
    ...(continued && { continued }),
  };
};

/**
 * Builds the message of a notify call. A POSTed object's members win over the query's, the path wins over both. The
 * message is for whom a record of the same text would be for: a `userId` in the POSTed object narrows it.
 * @throws InvalidRequest naming the field, MessageTooLarge
 */
export const buildMessage = (notify: Notify): Addressees & { body: string } => {
  const { accountId, sessionId, userId, query, body } = notify;
  const path = new Map([['accountId', JSON.stringify(checkInteger('accountId', accountId))]]);
  if (sessionId !== undefined) path.set('sessionId', JSON.stringify(checkSessionId(sessionId)));
  if (userId !== undefined) path.set('userId', JSON.stringify(checkInteger('userId', userId)));
  const asked = askedMembers(query);
  const posted = body === undefined || body === '' ? [] : postedMembers(body);
  const members = new Map([...path, ...asked, ...posted, ...path]);
  const text = [...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',');
  const message = escapeRefused(`{${text}}`);
  return { ...readAddressees('message', message), body: message };
};

const askedMembers = (query: unknown): [string, string][] =>
  Array.from(checkQuery(query), ([name, value]) => [name, JSON.stringify(value)]);

const postedMembers = (body: unknown): Map<string, string> => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  checkObject('body', parse('body', text));
  return memberTexts(text);
};
