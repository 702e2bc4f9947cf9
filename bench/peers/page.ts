import { numberText, table } from '../markdown.ts';
import type { Peers } from './results.ts';

/** How many times as much: `12 ×`. */
const ratio = (own: number, peer: number): string => `${Number((own / peer).toPrecision(2))} ×`;

/** The comparison as docs/performance.md shows it. */
export const peersTable = (peers: Peers | undefined): string => {
  if (!peers) return 'It has not been run here: `npm run bench:peers` needs the program `centrifugo`.';
  return `Measured on ${peers.measured.slice(0, 10)} on ${peers.cpu}, with ${peers.peer}:

${table(
  ['what', 'sqs-browser on the emulator', 'Centrifugo', 'as a multiple'],
  peers.rows.map(({ name, unit, own, peer }) => [
    name,
    `${numberText(own)} ${unit}`,
    `${numberText(peer)} ${unit}`,
    ratio(own, peer),
  ]),
)}`;
};
