import { format } from 'prettier';

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** A table in Markdown. */
export const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(header), row(header.map(() => '---')), ...rows.map(row)].join('\n');

/** A number with commas, at most three digits after the point. */
export const numberText = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** A page as the project's formatter has it. */
export const formatPage = (text: string): Promise<string> =>
  format(text, { parser: 'markdown', printWidth: 120, singleQuote: true });

const beginOf = (part: string): string => `<!-- ${part}: begin; written by npm run bench -->`;
const endOf = (part: string): string => `<!-- ${part}: end -->`;

/** The page with what is between the marks of a part replaced. @throws Error when the page has no place for it */
export const withPart = (page: string, part: string, text: string): string => {
  const [before, rest] = page.split(beginOf(part));
  const after = rest?.split(endOf(part))[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/performance.md has no ${beginOf(part)} and ${endOf(part)}`);
  return `${before}${beginOf(part)}\n\n${text}\n\n${endOf(part)}${after}`;
};
