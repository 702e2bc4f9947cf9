import type { QueueEvent } from './event.ts';

/** What a delivery rejects with when its handler left before it finished: the message goes to the handlers there are. */
export class HandlerRemoved extends Error {
  constructor() {
    super('The handler was removed before it finished');
  }
}

export interface Loop {
  readonly iterator: AsyncIterableIterator<QueueEvent>;
  readonly onEvent: (event: QueueEvent) => Promise<void>;
  /** Ends the loop after the event it has. */
  readonly finish: () => void;
}

/**
 * A listener for `for await`. Asking for the next event confirms the last one. Leaving the loop does not, since a `break`
 * and a throw look the same from here.
 */
export const createLoop = (remove: (onEvent: Loop['onEvent']) => void): Loop => {
  type Result = IteratorResult<QueueEvent>;
  const end: Result = { value: undefined, done: true };
  const pulls: ((result: Result) => void)[] = [];
  let arrived: { event: QueueEvent; resolve(): void; reject(error: Error): void } | undefined;
  let given: typeof arrived;
  let isOver = false;

  const confirm = (): void => {
    given?.resolve();
    given = undefined;
  };

  const give = (): void => {
    const pull = arrived && pulls.shift();
    if (!pull || !arrived) return;
    given = arrived;
    arrived = undefined;
    pull({ value: given.event });
    if (pulls.length) confirm();
  };

  const onEvent = (event: QueueEvent): Promise<void> =>
    new Promise((resolve, reject) => {
      arrived = { event, resolve, reject };
      give();
    });

  const finish = (): void => {
    isOver = true;
    for (const pull of pulls.splice(0)) pull(end);
    remove(onEvent);
  };

  return {
    onEvent,
    finish,
    iterator: {
      next: () =>
        new Promise((resolve) => {
          confirm();
          if (isOver) {
            resolve(end);
          } else {
            pulls.push(resolve);
            give();
          }
        }),
      return: () => {
        finish();
        (given ?? arrived)?.reject(new HandlerRemoved());
        return Promise.resolve(end);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
};
