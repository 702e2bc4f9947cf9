import { createHash } from 'node:crypto';

const rounds = 12_000;

/** A piece of work that is the same on every machine and with every version of this project: JSON and SHA-256, of which the service does most. Milliseconds that it took. */
export const fixedWork = (): number => {
  const start = performance.now();
  let text = JSON.stringify({ accountId: 1, names: Array.from({ length: 50 }, (_, index) => `name ${index}`) });
  for (let round = 0; round < rounds; round += 1) {
    const digest = createHash('sha256').update(text).digest('hex');
    text = JSON.stringify({ ...(JSON.parse(text) as object), digest });
  }
  return performance.now() - start;
};
