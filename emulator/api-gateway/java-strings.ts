/**
 * The methods of java.lang.String that mapping templates call. Regular expressions are Java's where JavaScript's are the same.
 * https://docs.oracle.com/javase/8/docs/api/java/lang/String.html
 */
type StringMethod = (text: string, ...parameters: readonly never[]) => unknown;

/** Java's replacement syntax: `$1` is a group, a backslash takes the next character as it is. https://docs.oracle.com/javase/8/docs/api/java/util/regex/Matcher.html#appendReplacement */
const replacer =
  (replacement: string) =>
  (...match: readonly (string | undefined)[]): string =>
    replacement.replace(/\\(.)|\$(\d)/gs, (_all, literal: string | undefined, group: string | undefined) =>
      group === undefined ? (literal ?? '') : (match[Number(group)] ?? ''),
    );

const regex = (pattern: string, flags = ''): RegExp => new RegExp(pattern, flags);

/** Java drops empty strings at the end. */
const split = (text: string, pattern: string): readonly string[] => {
  const parts = text.split(regex(pattern));
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
};

const methods: Readonly<Record<string, StringMethod>> = {
  charAt: (text, index: number) => text.charAt(index),
  concat: (text, other: string) => text + other,
  contains: (text, other: string) => text.includes(other),
  endsWith: (text, other: string) => text.endsWith(other),
  equals: (text, other: unknown) => text === other,
  equalsIgnoreCase: (text, other: string) => text.toLowerCase() === other.toLowerCase(),
  indexOf: (text, other: string) => text.indexOf(other),
  isEmpty: (text) => text === '',
  lastIndexOf: (text, other: string) => text.lastIndexOf(other),
  length: (text) => text.length,
  matches: (text, pattern: string) => regex(`^(?:${pattern})$`, 's').test(text),
  replace: (text, from: string, to: string) => text.replaceAll(from, () => to),
  replaceAll: (text, pattern: string, replacement: string) => text.replace(regex(pattern, 'g'), replacer(replacement)),
  replaceFirst: (text, pattern: string, replacement: string) => text.replace(regex(pattern), replacer(replacement)),
  split: (text: string, pattern: string) => split(text, pattern),
  startsWith: (text, other: string) => text.startsWith(other),
  substring: (text, from: number, to?: number) => text.substring(from, to),
  toLowerCase: (text) => text.toLowerCase(),
  toString: (text: string) => text,
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
};

export const stringMethod = (name: string): StringMethod | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;
