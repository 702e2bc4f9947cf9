import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

const peersSchema = z.object({
  /** ISO 8601. */
  measured: z.string(),
  cpu: z.string(),
  /** The peer's own words for its version. */
  peer: z.string(),
  rows: z.array(z.object({ name: z.string(), unit: z.string(), own: z.number(), peer: z.number() })),
});

/** What `npm run bench:peers` found, as bench/peers/results.json keeps it. */
export type Peers = z.output<typeof peersSchema>;

const file = join(import.meta.dirname, 'results.json');

/** The last comparison, if there was one. */
export const readPeers = (): Peers | undefined =>
  existsSync(file) ? peersSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;

export const writePeers = (peers: Peers): void => {
  writeFileSync(file, `${JSON.stringify(peers, undefined, 2)}\n`);
};
