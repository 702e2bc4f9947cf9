import type { IncomingHttpHeaders } from 'node:http';

type Values = Readonly<Record<string, string>>;

/**
 * A parameter as templates see it: decoded as UTF-8, except that a percent sign comes out encoded, as `%25`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 * @throws URIError when the encoding is malformed.
 */
const decode = (raw: string): string => decodeURIComponent(raw).replaceAll('%', '%25');

/** @throws URIError when the encoding is malformed. */
export const decodePathParameters = (raw: Values): Values =>
  Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decode(value)]));

const decodeQueryPart = (raw: string): string => decode(raw.replaceAll('+', ' '));

/**
 * The query's parameters, decoded. A semicolon separates like an ampersand:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 * Assumed: a plus sign is a blank, and the last one of several parameters with one name counts.
 * @throws URIError when the encoding is malformed.
 */
export const decodeQuery = (query: string): Values =>
  Object.fromEntries(
    query
      .split(/[&;]/)
      .filter((part) => part !== '')
      .map((part) => {
        const equals = part.indexOf('=');
        const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
        return [decodeQueryPart(name), decodeQueryPart(value)];
      }),
  );

export const flattenHeaders = (headers: IncomingHttpHeaders): Values =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
