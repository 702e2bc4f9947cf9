/** Who may log in to the example, which asks for no password. Their account is the example's own: nothing else sends to it. */
export const account = 900_100;

export const people = [
  { name: 'Ada', path: 'ada', userId: 7 },
  { name: 'Ben', path: 'ben', userId: 8 },
] as const;

export type Person = (typeof people)[number];
