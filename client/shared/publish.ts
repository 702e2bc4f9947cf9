import type { ErrorBody } from './errors.ts';

/** What one `POST /publish` takes. */
export const publishLimits = {
  /** Events in a call. */
  events: 500,
  /**
   * Bytes of the body as text within JSON, in which every quote, slash and backslash takes two and every character outside ASCII six, or
   * twelve. Lambda takes 6 MB of it: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  bodyBytes: 6_000_000,
  /** Unicode code points of an idempotency key, at least 1. */
  keyLength: 255,
  /** Seconds for which a repeat is answered as the first. */
  keyLifetime: 300,
} as const;

/** An event for `POST /publish`. */
export interface PublishEvent {
  /** The message as pages get it, with the members that say who gets it. */
  readonly message: object;
  /** An event with the same key is sent once in five minutes. */
  readonly idempotencyKey?: string;
}

/** An event that was taken. */
export interface EventTaken {
  /** `sent`: in the queues of all its sessions, or with the dead letters. `queued`: some of its sessions get it after the answer. */
  readonly status: 'sent' | 'queued';
  /** The message's id in browsers. */
  readonly messageId: string;
}

/** An event that was not taken. */
export interface EventNotTaken extends ErrorBody {
  /** `rejected`: the event is wrong, so that a repeat would be rejected too. `failed`: publish it again, it may succeed. */
  readonly status: 'rejected' | 'failed';
}

export type EventResult = EventTaken | EventNotTaken;

/** What `POST /publish` answers. */
export interface PublishAnswer {
  /** How many events were not taken: rejected or failed. */
  readonly notTaken: number;
  /** What became of each event, in their order. */
  readonly results: readonly EventResult[];
}
