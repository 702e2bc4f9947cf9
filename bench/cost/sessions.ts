import { assumed } from './deliveries.ts';
import { dollars } from './prices.ts';

/** What a request about a session calls, as its machine in statemachines/ says. */
export interface SessionRequest {
  readonly name: string;
  readonly functions: number;
  /** Calls of SQS. */
  readonly sqs: number;
  /** Read units: a record is smaller than the 4 KB of one. */
  readonly reads: number;
  /** Write units: the record, and its copies in the two indexes. */
  readonly writes: number;
  /** Events of a run, which are logged one by one unless `logRuns=failures`. */
  readonly events: number;
}

/** The events of a task, a parallel state and a run: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const eventsOf = (tasks: number, parallels: number, others = 0): number => 2 + 5 * tasks + 4 * parallels + 2 * others;

export const sessionRequests = {
  create: {
    ...{ name: 'create', functions: 5, sqs: 1, reads: 1, writes: 3 },
    events: eventsOf(5, 1, 2),
  },
  refresh: {
    ...{ name: 'create of a session that exists', functions: 5, sqs: 1, reads: 2, writes: 3 },
    events: eventsOf(5, 1, 2),
  },
  renew: { name: 'renew', functions: 4, sqs: 1, reads: 2, writes: 3, events: eventsOf(4, 1, 1) },
  destroy: { name: 'destroy', functions: 4, sqs: 1, reads: 1, writes: 3, events: eventsOf(4, 1, 1) },
} as const satisfies Readonly<Record<string, SessionRequest>>;

/** What one event takes in the log: about 480 bytes without data, which makes $8.6 per million creates. */
export const bytesPerEvent = 480;

const gigabyteSeconds = ({ megabytes, milliseconds }: { megabytes: number; milliseconds: number }): number =>
  (megabytes / 1024) * (milliseconds / 1000);

/** Dollars for a million requests, without their logs and traces. */
export const perMillionRequests = ({ functions, sqs, reads, writes }: SessionRequest): number =>
  dollars('api-request', 1e6) +
  dollars('states-request', 1e6) +
  dollars('states-gb-second', 1e6 * gigabyteSeconds(assumed.execution)) +
  dollars('lambda-request', 1e6 * functions) +
  dollars('lambda-gb-second', 1e6 * functions * gigabyteSeconds(assumed.task)) +
  dollars('sqs-request', 1e6 * sqs) +
  dollars('dynamodb-read', 1e6 * reads) +
  dollars('dynamodb-write', 1e6 * writes);

/** A dispatch of three functions, one of them in a map. */
export const dispatchRun = { events: eventsOf(3, 1, 4) };

/** Dollars for the log of a million runs, step by step. */
export const perMillionLogged = ({ events }: Pick<SessionRequest, 'events'>): number =>
  dollars('vended-log-gb', (1e6 * events * bytesPerEvent) / 1e9);

/** The part of its keys' life after which a client renews, on average: client/browser/credentials.ts. */
const renewedAt = 0.85;

/**
 * Dollars for the renewals in a million session-minutes, which a paused client makes too.
 * @param keyHours how long keys live
 */
export const perMillionMinutesOfRenewals = (keyHours: number): number => {
  const cost = perMillionRequests(sessionRequests.renew) + perMillionLogged(sessionRequests.renew);
  return cost / (keyHours * 60 * renewedAt);
};
