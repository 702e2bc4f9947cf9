import { hash } from 'node:crypto';
import { percentEncode } from '../../percent-encoding.ts';
import type { HttpRequest } from '../../protocols/http.ts';
import type { Signature } from './read-signature.ts';
import { algorithm, headerOf } from './read-signature.ts';

/** Decodes percent escapes; text that is not well encoded stays as it is. */
const percentDecode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The path without empty segments and dots. Each segment, as it was sent, is encoded once more. */
const normalizedPath = (path: string): string => {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(percentEncode(segment));
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
};

/** S3 signs the path as it is, encoded once. */
const canonicalPath = (path: string, service: string): string => {
  if (path === '/' || path === '') return '/';
  return service === 's3' ? percentDecode(path).split('/').map(percentEncode).join('/') : normalizedPath(path);
};

/** Names come before values: as texts, `a-b=` would come before `a=`. */
const byNameThenValue = (a: string, b: string): number => {
  const [first, second] = [a.slice(0, a.indexOf('=')), b.slice(0, b.indexOf('='))];
  if (first !== second) return first < second ? -1 : 1;
  return a < b ? -1 : Number(a > b);
};

const canonicalQuery = (query: string): string => {
  if (query === '') return '';
  const pairs = query.split('&').flatMap((pair) => {
    if (pair === '') return [];
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return name === 'X-Amz-Signature'
      ? []
      : [`${percentEncode(percentDecode(name))}=${percentEncode(percentDecode(value))}`];
  });
  return pairs.sort(byNameThenValue).join('&');
};

const canonicalHeader = (request: HttpRequest, name: string): string =>
  `${name}:${(headerOf(request, name) ?? '').trim().replace(/ {2,}/g, ' ')}\n`;

/**
 * The string to sign. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @param payloadHash the hash of the body, or the word that replaces it
 */
export const stringToSign = (request: HttpRequest, signature: Signature, payloadHash: string): string => {
  const headers = signature.signedHeaders.map((name) => canonicalHeader(request, name)).join('');
  const canonical = [
    request.method,
    canonicalPath(request.path, signature.service),
    canonicalQuery(request.query),
    headers,
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const { timestamp, date, region, service } = signature;
  return `${algorithm}\n${timestamp}\n${date}/${region}/${service}/aws4_request\n${hash('sha256', canonical)}`;
};
