/** An aim, and whether it is met. */
export interface Judged {
  readonly name: string;
  readonly isMet: boolean;
  /** Why it may be missed, without a period. */
  readonly reason: string;
}

const isMissed = ({ isMet }: Judged): boolean => !isMet;

/** Why aims are missed: a line for each reason, with the aims that have it. Empty when all are met. */
export const missedList = (judged: readonly Judged[]): string =>
  [...Map.groupBy(judged.filter(isMissed), ({ reason }) => reason)]
    .map(([reason, same]) => `- **${same.map(({ name }) => name).join('**, **')}**: ${reason}.`)
    .join('\n');

/** `Of 60 aims 58 are met. Missed: a, b.` */
export const summary = (judged: readonly Judged[]): string => {
  const missed = judged.filter(isMissed).map(({ name }) => name);
  const met = `Of ${judged.length} aims ${judged.length - missed.length} are met.`;
  return missed.length === 0 ? met : `${met} Missed: ${missed.join('; ')}.`;
};
