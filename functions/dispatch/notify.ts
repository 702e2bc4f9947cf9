import { checkInteger, checkObject, checkSessionId } from '../aws/input.ts';
import { checkQuery } from '../aws/query.ts';
import type { Notify } from './dispatch.ts';
import { memberTexts } from './member-texts.ts';
import { escapeRefused, parse, readAddressees } from './message-checks.ts';
import type { Addressees } from './message.ts';

/**
 * Builds the message of a notify call. A POSTed object's members win over the query's, the path wins over both. The
 * message is for whom a record of the same text would be for: a `userId` in the POSTed object narrows it.
 * @throws InvalidRequest naming the field, MessageTooLarge
 */
export const buildMessage = ({ accountId, sessionId, userId, query, body }: Notify): Addressees & { body: string } => {
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
