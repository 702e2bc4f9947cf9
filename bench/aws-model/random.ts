/** Looked up once: in the contexts of Jest every use of a global name is slow. */
const { PI, cos, log, sqrt } = Math;

/** A number from 0 up to 1. */
export type Random = () => number;

/** A number of the standard normal distribution, by Box and Muller. */
export const normal = (random: Random): number => sqrt(-2 * log(1 - random())) * cos(2 * PI * random());
