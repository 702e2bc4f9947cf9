/** A number with what is counted: `1 session`, `2 sessions`, `2 identities`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
