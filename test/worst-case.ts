/** `WORST_CASE=1 npm test`: the tests of the whole service run against AWS's worst documented behaviour. */
export const worstCase = process.env['WORST_CASE'] === '1';
