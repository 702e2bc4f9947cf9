/** Dollars with cents; a dash for what there is none of. */
export const money = (usd: number | undefined): string => (usd === undefined ? '–' : usd.toFixed(2));
