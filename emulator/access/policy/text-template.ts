import { isKnownKey, isMultivaluedKey } from './condition-keys.ts';
import { PolicyError } from './policy-error.ts';
import type { RequestContext } from './request-context.ts';

const any = Symbol('*');
const one = Symbol('?');

/** A character to match literally, or a wildcard. */
type Token = string | typeof any | typeof one;

interface Variable {
  readonly key: string;
  readonly fallback: string | undefined;
}

type Part = { readonly tokens: readonly Token[] } | { readonly variable: Variable };

/**
 * A policy's text that may hold policy variables and, where the element allows them, wildcards.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export interface TextTemplate {
  /** Whether the text matches `value` in this request; a text that has a variable without a value matches nothing. */
  matches(value: string, context: RequestContext): boolean;
}

export interface TemplateRules {
  /** `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  /** `${…}` is a variable: only with Version 2012-10-17. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
  readonly variables: boolean;
  readonly ignoreCase?: boolean;
}

const variableForm = /^([^,'{}]+?)(?:\s*,\s*'([^']*)')?$/;
const specialCharacters = new Set(['*', '?', '$']);

const readVariable = (text: string): Part => {
  if (specialCharacters.has(text)) return { tokens: [text] };
  const [, key, fallback] = variableForm.exec(text) ?? [];
  if (key === undefined || !isKnownKey(key)) throw new PolicyError(`The policy variable \${${text}} is not supported`);
  if (isMultivaluedKey(key))
    throw new PolicyError(`\${${text}}: a key with several values cannot be a policy variable`);
  return { variable: { key: key.toLowerCase(), fallback } };
};

const tokensOf = (text: string, wildcards: boolean): Token[] =>
  text.split('').map((character) => {
    if (wildcards && character === '*') return any;
    return wildcards && character === '?' ? one : character;
  });

const partsOf = (text: string, { wildcards, variables }: TemplateRules): Part[] => {
  const parts: Part[] = [];
  let position = 0;
  while (position < text.length) {
    const start = variables ? text.indexOf('${', position) : -1;
    if (start < 0) break;
    const end = text.indexOf('}', start);
    if (end < 0) throw new PolicyError(`A policy variable is not closed in ${text}`);
    parts.push({ tokens: tokensOf(text.slice(position, start), wildcards) });
    parts.push(readVariable(text.slice(start + 2, end)));
    position = end + 1;
  }
  parts.push({ tokens: tokensOf(text.slice(position), wildcards) });
  return parts;
};

/** Takes time proportional to pattern × value: after a mismatch only the last `*` is tried with one more character. */
const glob = (pattern: readonly Token[], value: string): boolean => {
  let p = 0;
  let v = 0;
  let star = -1;
  let mark = 0;
  while (v < value.length) {
    const token = pattern[p];
    if (token === any) {
      star = p++;
      mark = v;
    } else if (p < pattern.length && (token === one || token === value[v])) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === any) p++;
  return p === pattern.length;
};

type Match = (value: string) => boolean;

/** The fastest test for a pattern with wildcards. Most patterns have one `*`, at their end. */
const matcherOf = (pattern: readonly Token[]): Match => {
  const wild = pattern.findIndex((token) => typeof token !== 'string');
  const literal = pattern.slice(0, wild).join('');
  if (wild === pattern.length - 1 && pattern[wild] === any) return (value) => value.startsWith(literal);
  return (value) => glob(pattern, value);
};

const resolve = (parts: readonly Part[], context: RequestContext): Token[] | undefined => {
  const tokens: Token[] = [];
  for (const part of parts) {
    if ('tokens' in part) {
      tokens.push(...part.tokens);
      continue;
    }
    const value = context(part.variable.key) ?? part.variable.fallback;
    if (typeof value !== 'string') return undefined;
    tokens.push(...value.split(''));
  }
  return tokens;
};

const unfolded = (value: string): string => value;
const folded = (value: string): string => value.toLowerCase();

const foldTokens = (tokens: readonly Token[], fold: (value: string) => string): Token[] =>
  tokens.map((token) => (typeof token === 'string' ? fold(token) : token));

/** A text without variables. Of one without wildcards only the text is kept: each queue's policy has several. */
const fixedTemplate = (text: string, { wildcards, ignoreCase }: TemplateRules): TextTemplate => {
  const fold = ignoreCase ? folded : unfolded;
  if (!wildcards || !/[*?]/.test(text)) {
    const literal = fold(text);
    return { matches: (value) => fold(value) === literal };
  }
  const match = matcherOf(foldTokens(tokensOf(text, wildcards), fold));
  return { matches: (value) => match(fold(value)) };
};

/** @throws PolicyError for a variable that is not supported. */
export const textTemplate = (text: string, rules: TemplateRules): TextTemplate => {
  if (!rules.variables || !text.includes('${')) return fixedTemplate(text, rules);
  const parts = partsOf(text, rules);
  const fold = rules.ignoreCase ? folded : unfolded;
  return {
    matches: (value, context) => {
      const tokens = resolve(parts, context);
      return tokens !== undefined && glob(foldTokens(tokens, fold), fold(value));
    },
  };
};
