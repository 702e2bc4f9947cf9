/** What all tabs of this browser have in common, and how they hear of it: the storage event fires in all tabs but the own one. */

const keyOf = (what: 'asleep' | 'login', person: string): string => `sqs-browser-example-${what}-${person}`;

/** Since when somebody is asleep, epoch milliseconds: a laptop that is closed takes all of its pages with it. */
export const asleepSince = (person: string): number | undefined =>
  Number(localStorage.getItem(keyOf('asleep', person))) || undefined;

export const putToSleep = (person: string): void => {
  localStorage.setItem(keyOf('asleep', person), `${Date.now()}`);
};

export const wakeUp = (person: string): void => {
  localStorage.removeItem(keyOf('asleep', person));
};

/** Somebody has logged in or out in this tab. */
export const announceLogin = (person: string): void => {
  localStorage.setItem(keyOf('login', person), crypto.randomUUID());
};

/** Calls back when another tab has changed something. */
export const onChangeElsewhere = (what: 'asleep' | 'login', person: string, changed: () => void): void => {
  addEventListener('storage', ({ key }) => {
    if (key === keyOf(what, person)) changed();
  });
};
