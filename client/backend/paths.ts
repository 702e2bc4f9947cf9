import { checkInteger, checkSessionId, refuse } from './checks.ts';

/** Everything but the unreserved characters of https://www.rfc-editor.org/rfc/rfc3986#section-2.3, as signatures have it. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * A session's id as a part of a path. Two ids cannot be one: `.` and `..` mean a folder in every URL, encoded or not, and
 * would lead to another route. https://url.spec.whatwg.org/#double-dot-path-segment
 */
export const sessionSegment = (sessionId: string): string => {
  if (sessionId === '.' || sessionId === '..')
    refuse('sessionId', sessionId, 'something a URL can carry: not "." or ".."');
  return encode(checkSessionId(sessionId));
};

export const integerSegment = (field: string, value: number): string => String(checkInteger(field, value) + 0);

/** `?a=1&b=2`, without what is undefined. */
export const queryOf = (parameters: Readonly<Record<string, string | number | undefined>>): string => {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${encode(String(value))}`).join('&');
  return text && `?${text}`;
};
