import { hostObject } from './java-values.ts';

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
};

const unicodeEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * As $util.escapeJavaScript, which is Apache Commons' escapeJavaScript: it turns `'` into `\'`, which JSON does not allow.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference
 */
export const escapeJavaScript = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are what is escaped
  text.replace(/["'\\/\u0000-\u001f]|[^\u0000-\u007f]/g, (unit) => shortEscapes[unit] ?? unicodeEscape(unit));

const javaUrlEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference */
export const utilVariable: object = hostObject({
  escapeJavaScript,
  parseJson: (text: string): unknown => JSON.parse(text),
  urlEncode: javaUrlEncode,
  urlDecode: (text: string) => decodeURIComponent(text.replaceAll('+', ' ')),
  base64Encode: (text: string) => Buffer.from(text).toString('base64'),
  base64Decode: (text: string) => Buffer.from(text, 'base64').toString(),
});
