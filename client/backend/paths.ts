import { checkInteger, checkSessionId, refuse } from './checks.ts';

/** Encodes everything but the unreserved characters of https://www.rfc-editor.org/rfc/rfc3986#section-2.3, as signatures do. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * A session's id as a segment of a path. `.` and `..` cannot be one: in a URL they mean a folder, encoded or not, and would
 * lead to another route. https://url.spec.whatwg.org/#double-dot-path-segment
 */
export const sessionSegment = (sessionId: string): string => {
  if (sessionId === '.' || sessionId === '..')
    refuse('sessionId', sessionId, 'neither "." nor "..", which a URL cannot carry');
  return encode(checkSessionId(sessionId));
};

export const integerSegment = (field: string, value: number): string => String(checkInteger(field, value) + 0);

/** `?a=1&b=2`, without what is undefined. */
export const queryOf = (parameters: Readonly<Record<string, string | number | undefined>>): string => {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${encode(String(value))}`).join('&');
  return text && `?${text}`;
};
