/**
 * Counts the tabs of this browser that have a session: each holds a shared lock by the queue's name for as long as it is there.
 * https://developer.mozilla.org/docs/Web/API/Web_Locks_API
 */
const nameOf = (queue: string): string => `sqs-browser-example-tab ${queue}`;

/** Counts this tab from now on. @returns how to stop. */
export const joinTabs = (queue: string): (() => void) => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  // Browsers have no locks on plain HTTP. There the tabs are not counted.
  if ('locks' in navigator) void navigator.locks.request(nameOf(queue), { mode: 'shared' }, () => promise);
  return () => {
    resolve(undefined);
  };
};

export const countTabs = async (queue: string): Promise<number> => {
  if (!('locks' in navigator)) return 1;
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name === nameOf(queue)).length;
};
