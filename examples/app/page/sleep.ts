/** Who is asleep, for all tabs of this browser: a laptop that is closed takes all of its pages with it. */

const key = (person: string): string => `sqs-browser-example-asleep-${person}`;

/** Since when, epoch milliseconds; undefined for somebody who is awake. */
export const asleepSince = (person: string): number | undefined =>
  Number(localStorage.getItem(key(person))) || undefined;

export const putToSleep = (person: string): void => {
  localStorage.setItem(key(person), `${Date.now()}`);
};

export const wakeUp = (person: string): void => {
  localStorage.removeItem(key(person));
};

/** Calls back when another tab has put somebody to sleep, or has woken somebody up. */
export const onSleepElsewhere = (person: string, changed: () => void): void => {
  addEventListener('storage', (event) => {
    if (event.key === key(person)) changed();
  });
};
