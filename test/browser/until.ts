import { setTimeout } from 'node:timers/promises';

/** How long to ask, milliseconds. Only a test that fails takes this long. */
const timeout = 90_000;

/**
 * Asks until the answer is right.
 * @throws Error with the last answer if it does not become right.
 */
export const until = async <T, Right extends T = T>(
  ask: () => T | Promise<T>,
  isRight: ((answer: T) => boolean) | ((answer: T) => answer is Right),
): Promise<Right> => {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer as Right;
    if (Date.now() > end) throw new Error(`It did not become right, but stays ${JSON.stringify(answer)}`);
    await setTimeout(10);
  }
};
