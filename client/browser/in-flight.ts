import type { Environment } from './environment.ts';
import type { Received } from './sqs.ts';

export type Poll = Promise<readonly Received[]>;

/**
 * The polls that closed connections of a page left open, by environment and queue. They are not cut off, since they may hold
 * messages; the next connection of the page goes on with them, so that they do not compete with its own.
 */
const leftOpen = new WeakMap<Environment, Map<string, Poll>>();

/** Leaves a poll to the next connection; what it brings is given back if there is none by then. */
export const leavePoll = (
  environment: Environment,
  queue: string,
  { poll, release }: { readonly poll: Poll; readonly release: (messages: readonly Received[]) => void },
): void => {
  const polls = leftOpen.get(environment) ?? new Map<string, Poll>();
  leftOpen.set(environment, polls.set(queue, poll));
  poll.then(
    (messages) => {
      if (takePoll(environment, queue, poll)) release(messages);
    },
    () => {
      void takePoll(environment, queue, poll);
    },
  );
};

/** Takes over a poll that was left open, if there is one; after that it is left to nobody else. */
export const takePoll = (environment: Environment, queue: string, wanted?: Poll): Poll | undefined => {
  const polls = leftOpen.get(environment);
  const poll = polls?.get(queue);
  if (!poll || (wanted && poll !== wanted)) return undefined;
  polls?.delete(queue);
  return poll;
};
