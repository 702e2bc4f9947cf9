import type { Judged } from './judged.ts';
import type { Figure } from './measure.ts';
import { meetsAim } from './measure.ts';

/** Why an aim may be missed. It must be true on every machine. */
interface Reason {
  readonly figures: RegExp;
  readonly reason: string;
}

const reasons: readonly Reason[] = [
  {
    figures: /^create, (\d clients?, p50|8 clients)$/,
    reason:
      'A create is one execution, its functions and their AWS calls, each signed, sent over HTTP, verified and evaluated against the policies. The rows "CPU of …" add up to what one create costs: the cores divided by that is the highest rate this machine can have, however the work is divided',
  },
  {
    figures: /, CPU of the functions$/,
    reason:
      'The functions are the deployed bundles. What they decide themselves is a small part: most of it is the way from a command to a signed request over a socket and back, once for each call',
  },
  {
    figures: /^first call of a function/,
    reason:
      'The first call compiles what a request needs, from its parameters to the socket, and Node.js does what it does at a first connection. It is CPU time: a slower processor takes as much longer',
  },
  {
    figures: /^(bundle|load|loading) /,
    reason:
      'Beside our own code a bundle holds clients of AWS, the library that checks what comes in, and the one that writes logs and metrics',
  },
  {
    figures: /^Kinesis to client at /,
    reason:
      'A message to one session is four calls: a query, a send, a poll, a delete. Lambda gives the router one batch after the other, and what comes meanwhile waits. With `a` milliseconds for a batch and `b` for each message in it, batches settle at `a / (1 - b × rate)` milliseconds, and a message takes about one and a half of them: as `b × rate` nears the whole of the cores the time grows without bound, and so does the difference between two runs',
  },
  {
    figures: /^Kinesis to client, saturated$/,
    reason:
      "Batches are full, a session's messages go ten to a call, and a message costs a tenth of the above. But a batch is looked up, sent and received in phases, so that mostly one thread is busy: the rate stays below what the CPU alone would allow",
  },
  {
    figures: /^broadcast to \d+ sessions$/,
    reason:
      'Every session is one send, which is signed, verified, evaluated and queued by two cores that everything shares; on AWS 40 deliveries have a CPU each, see the predictions',
  },
  {
    figures: /^broadcast to \d+, delivered$/,
    reason:
      'On a machine that has too much else to do, functions run out of time, and the rest becomes dead letters, which are counted there',
  },
  {
    figures: /^broadcast to \d+, (largest state|maximum memory)/,
    reason: 'A limit of AWS is near: this is a fault, and not one of the machine',
  },
  {
    figures: /per session, from /,
    reason:
      'A session takes as many calls as before (the row below). What grows is the time for memory: collections of garbage, and a machine whose memory is shared with others. It was 1.10 and 1.47 in two hours of one day on this machine',
  },
  {
    figures: /^emulator, memory/,
    reason:
      'A session is a queue with its policy, an identity, credentials, and a record that is in three trees of the table and its indexes, each held as objects of JavaScript',
  },
  {
    figures: /^emulator, sessions/,
    reason:
      "Node.js' heap has a limit by default, which `--max-old-space-size` raises; the run stops at it, and when a session takes three milliseconds to make on average",
  },
  {
    figures: /^browser client, /,
    reason:
      'A message is parsed, checked against those seen before, shared with the other tabs and deleted in batches, each call signed with SHA-256 in JavaScript, since WebCrypto takes a turn of the event loop for every hash',
  },
  { figures: /^console, /, reason: 'The console holds what it shows, and no more of it than fits its tables' },
  {
    figures: /^notify to client, /,
    reason: 'One execution, one function, a query, a send, and a poll that waits: nothing runs side by side',
  },
  { figures: /^routing and planning/, reason: 'This is work of one core without any call: only the processor counts' },
];

/** @throws Error naming a figure that has an aim and no reason: add one */
export const reasonFor = (name: string): string => {
  const found = reasons.find(({ figures }) => figures.test(name));
  if (!found) throw new Error(`Nothing says why the aim of "${name}" may be missed: bench/reasons.ts`);
  return found.reason;
};

/** The figures that have an aim. */
export const judgedFigures = (figures: readonly Figure[]): readonly Judged[] =>
  figures
    .filter(({ aim }) => aim !== undefined)
    .map((figure) => ({ name: figure.name, isMet: meetsAim(figure), reason: reasonFor(figure.name) }));
