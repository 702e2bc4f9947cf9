/**
 * CloudWatch Logs' filter patterns.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { compileJsonFilter } from './json-filter.ts';
import { invalidParameter } from './errors.ts';

export type Filter = (message: string) => boolean;

interface Term {
  /** `?` marks optional terms, of which one must be there; `-` marks a term that must not be there. */
  readonly sign: string;
  readonly text: string;
}

const termPattern = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y;

const readTerms = (pattern: string): readonly Term[] => {
  const terms: Term[] = [];
  termPattern.lastIndex = 0;
  while (pattern.slice(termPattern.lastIndex).trim() !== '') {
    const match = termPattern.exec(pattern);
    if (!match) throw invalidParameter(`Invalid filter pattern: ${pattern}`);
    const [, sign = '', quoted, plain = ''] = match;
    terms.push({ sign, text: quoted?.replaceAll(/\\(.)/g, '$1') ?? plain });
  }
  return terms;
};

/** Terms without a sign must all be there. Optional terms count only where all terms are optional, as AWS documents. */
const compileTerms = (pattern: string): Filter => {
  const terms = readTerms(pattern);
  const with_ = (sign: string) => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const [required, optional, excluded] = [with_(''), with_('?'), with_('-')];
  return (message) => {
    if (excluded.some((text) => message.includes(text))) return false;
    if (required.length > 0) return required.every((text) => message.includes(text));
    return optional.length === 0 || optional.some((text) => message.includes(text));
  };
};

/**
 * Whether an event's message matches the pattern: terms, `"quoted terms"`, `?optional`, `-excluded`, or `{ $.member = … }`.
 * @throws AwsError InvalidParameterException for a pattern that is malformed or of a kind that is not supported
 */
export const compileFilter = (pattern: string): Filter => {
  const trimmed = pattern.trim();
  if (trimmed === '') return () => true;
  if (trimmed.startsWith('{')) return compileJsonFilter(trimmed);
  if (trimmed.startsWith('[') || /^%.*%$/.test(trimmed)) {
    throw invalidParameter(`The emulator does not support filter patterns such as ${trimmed}`);
  }
  return compileTerms(trimmed);
};
