import type { Message } from './message.ts';

export interface ReceiveOptions {
  readonly limit: number;
  /** Seconds. */
  readonly visibilityTimeout: number;
}

export interface PollOptions extends ReceiveOptions {
  /** Seconds of real time. */
  readonly wait: number;
  readonly signal: AbortSignal;
}

interface WaitingPoll {
  readonly options: ReceiveOptions;
  readonly end: (messages: Message[]) => void;
  readonly fail: (error: Error) => void;
}

/**
 * The long polls of one queue that wait for a message. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 * Assumed: the poll that has waited longest gets the next message.
 */
export class WaitingPolls {
  readonly #polls = new Set<WaitingPoll>();
  readonly #onLeave: () => void;

  /** `onLeave` is called when a poll has ended for any reason. */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  get size(): number {
    return this.#polls.size;
  }

  /** Waits until messages are handed over, the time is up or the signal is aborted. */
  wait({ wait, signal, ...options }: PollOptions): Promise<Message[]> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#polls.delete(poll);
        this.#onLeave();
      };
      const poll: WaitingPoll = {
        options,
        end: (messages) => {
          leave();
          resolve(messages);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const giveUp = () => {
        poll.end([]);
      };
      const timer = setTimeout(giveUp, wait * 1000);
      signal.addEventListener('abort', giveUp);
      this.#polls.add(poll);
    });
  }

  /** Ends the polls one after another with what `receive` gives, until it gives nothing. */
  hand(receive: (options: ReceiveOptions) => Message[]): void {
    for (const poll of this.#polls) {
      const messages = receive(poll.options);
      if (messages.length === 0) return;
      poll.end(messages);
    }
  }

  end(): void {
    for (const poll of this.#polls) poll.end([]);
  }

  fail(error: Error): void {
    for (const poll of this.#polls) poll.fail(error);
  }
}
