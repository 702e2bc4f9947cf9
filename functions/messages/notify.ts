import { InvalidRequest } from '../sessions/failures.ts';
import { checkInteger, checkObject, checkSessionId } from '../sessions/request-checks.ts';
import type { Notify } from './dispatch.ts';
import { memberTexts } from './member-texts.ts';
import { escapeRefused, parse, readAddressees } from './message-checks.ts';
import type { Addressees } from './message.ts';

/**
 * Builds the message of a notify call. A POSTed object's members win over the query's, the path wins over both. The
 * message is for whom a record of the same text would be for: a `userId` in the POSTed object narrows it.
 * @throws InvalidRequest naming the field, MessageTooLarge
 */
export function buildMessage({ accountId, sessionId, userId, query, body }: Notify): Addressees & { body: string } {
  const path = new Map([['accountId', JSON.stringify(checkInteger('accountId', accountId))]]);
  if (sessionId !== undefined) path.set('sessionId', JSON.stringify(checkSessionId(sessionId)));
  if (userId !== undefined) path.set('userId', JSON.stringify(checkInteger('userId', userId)));
  const asked = query === undefined ? [] : Object.entries(checkObject('query', query)).map(askedMember);
  const posted = body === undefined || body === '' ? [] : postedMembers(body);
  const members = new Map([...path, ...asked, ...posted, ...path]);
  const text = [...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',');
  const message = escapeRefused(`{${text}}`);
  return { ...readAddressees('message', message), body: message };
}

function askedMember([name, value]: [string, unknown]): [string, string] {
  if (typeof value !== 'string') throw new InvalidRequest(`query parameter ${JSON.stringify(name)}`, value, 'text');
  return [name, JSON.stringify(value)];
}

function postedMembers(body: unknown): Map<string, string> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  checkObject('body', parse('body', text));
  return memberTexts(text);
}
