/** Looked up once: in the contexts of Jest every use of a global name is slow. */
const { imul } = Math;

/** A session that listens, and what it is to receive. */
export interface Listener {
  readonly accountId: number;
  readonly sessionId: string;
  readonly userId: number;
}

/** A record's text and whom it names. */
export interface Sent {
  readonly accountId: number;
  readonly userId?: number;
  readonly text: string;
}

/** Numbers from 0 up to 1 that a seed decides: mulberry32, https://github.com/cprosche/mulberry32 */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The same in another order: Fisher and Yates. */
export const shuffled = <T>(items: readonly T[], random: () => number): T[] => {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
};

/** Fifty sessions of ten accounts; in every account two of the five are one user's. */
export const listeners: readonly Listener[] = Array.from({ length: 50 }, (_, number) => ({
  accountId: 1 + (number % 10),
  sessionId: `session ${number}`,
  userId: number < 20 ? 1 : number,
}));

/** A hundred messages to every account, and three for every session: one to its account, two to its user. */
export const messages: readonly Sent[] = [
  ...Array.from({ length: 1000 }, (_, number) => ({ accountId: 1 + (number % 10), kind: `account ${number}` })),
  ...listeners.flatMap(({ accountId, userId }, number) => [
    { accountId, kind: `session's account ${number}` },
    { accountId, userId, kind: `first to user ${number}` },
    { accountId, userId, kind: `second to user ${number}` },
  ]),
].map(({ kind, ...addressees }) => ({
  ...addressees,
  text: `{ "kind":${JSON.stringify(kind)}, ${JSON.stringify(addressees).slice(1, -1)}, "big":12345678901234567890 }`,
}));

export const isFor = ({ accountId, userId }: Listener, sent: Sent): boolean =>
  sent.accountId === accountId && (sent.userId === undefined || sent.userId === userId);

/** What of the records `session` gets, in their order. */
export const due = (session: Listener, records: readonly Sent[]): readonly string[] =>
  records.filter((sent) => isFor(session, sent)).map(({ text }) => text);
