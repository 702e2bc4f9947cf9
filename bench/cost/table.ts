/** Dollars with cents; a dash for what there is none of. */
export const money = (usd: number | undefined): string => (usd === undefined ? '–' : usd.toFixed(2));

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table in Markdown. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...header), row(...header.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');
