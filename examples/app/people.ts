/** Who may log in to the example, which asks for no password. They share an account. */
export const account = 1001;

export const people = [
  { name: 'Ada', userId: 7 },
  { name: 'Ben', userId: 8 },
] as const;
