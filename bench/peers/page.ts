import { numberText, table } from '../markdown.ts';
import type { Peers } from './results.ts';

/** This service as a multiple of the other: `12 × the time`, `1/18 of the rate`. */
const distance = ({ own, peer, unit }: Peers['rows'][number]): string => {
  const isRate = unit.endsWith('/s');
  const [more, less] = [own / peer, peer / own].map((ratio) => Number(ratio.toPrecision(2)));
  if (isRate) return own < peer ? `1/${less} of the rate` : `${more} × the rate`;
  return own < peer ? `1/${less} of the time` : `${more} × the time`;
};

/** The comparison as docs/performance.md shows it. */
export const peersTable = (peers: Peers | undefined): string => {
  if (!peers) return 'It has not been run here: `npm run bench:peers` needs the program `centrifugo`.';
  return `Measured on ${peers.measured.slice(0, 10)} on ${peers.cpu}, with ${peers.peer}:

${table(
  ['what', 'sqs-browser on the emulator', 'Centrifugo', 'sqs-browser needs, or has'],
  peers.rows.map((row) => [
    row.name,
    `${numberText(row.own)} ${row.unit}`,
    `${numberText(row.peer)} ${row.unit}`,
    distance(row),
  ]),
)}`;
};
