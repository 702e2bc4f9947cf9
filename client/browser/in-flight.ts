import type { Environment } from './environment.ts';
import type { Received } from './sqs.ts';

export type Poll = Promise<readonly Received[]>;

interface OpenPoll {
  readonly environment: Environment;
  /** The queue's URL. */
  readonly queue: string;
  readonly poll: Poll;
}

/**
 * The polls that closed connections of a page left open. They are not cut off, since they may hold messages; the next connection
 * of the page goes on with them, so that they do not compete with its own.
 */
const openPolls = new Set<OpenPoll>();

/** Leaves a poll to the next connection; what it brings is given back if there is none by then. */
export const leavePoll = (open: OpenPoll, release: (messages: readonly Received[]) => void): void => {
  openPolls.add(open);
  open.poll.then(
    (messages) => {
      if (openPolls.delete(open)) release(messages);
    },
    () => openPolls.delete(open),
  );
};

/** Takes over a poll that was left open, if there is one; after that it is left to nobody else. */
export const takePoll = (environment: Environment, queue: string): Poll | undefined => {
  for (const open of openPolls) {
    if (open.environment === environment && open.queue === queue && openPolls.delete(open)) return open.poll;
  }
  return undefined;
};
