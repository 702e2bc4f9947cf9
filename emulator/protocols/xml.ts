const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
};

const escapeText = (text: string): string => text.replace(/[&<>"'\r]/g, (character) => escapes[character] ?? character);

const asText = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** An element; a list becomes one element per item, undefined none, an object its members in their order. */
export const element = (name: string, value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  return `<${name}>${typeof value === 'object' && !(value instanceof Date) ? elements(value) : escapeText(asText(value))}</${name}>`;
};

export const elements = (value: object): string =>
  Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join('');

/**
 * The object with each list in it as the query protocol has it: an element whose items are called `member`. SQS's lists are
 * flattened and have names of their own. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const withMembers = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, memberValue(member)]));

const memberValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return { member: value.map(memberValue) };
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? withMembers(value) : value;
};
