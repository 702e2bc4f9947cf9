/** Dollars with cents; a dash for undefined. */
export const money = (usd: number | undefined): string => (usd === undefined ? '–' : usd.toFixed(2));
