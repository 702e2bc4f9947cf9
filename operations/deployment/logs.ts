import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { readObject } from '../json.ts';
import type { Deployment } from './deployment.ts';
import { codeOf } from './errors.ts';

/** A line of a log. */
export interface LogLine {
  /** The group's name. */
  readonly group: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
  /** Identifies the line: the same in every read. */
  readonly id: string;
}

export interface LogQuery {
  readonly group: string;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until?: number | undefined;
  /** A filter pattern of CloudWatch Logs. */
  readonly pattern?: string | undefined;
  /** Lines in one call. */
  readonly limit?: number;
}

/** The lines that match, the oldest first, call by call; nothing for a group that does not exist (yet). */
export const readLog = async function* ({ clients }: Deployment, query: LogQuery): AsyncGenerator<readonly LogLine[]> {
  const { group, since, until, pattern, limit } = query;
  let nextToken: string | undefined;
  do {
    const command = new FilterLogEventsCommand({
      ...{ logGroupName: group, startTime: since, endTime: until, filterPattern: pattern, limit, nextToken },
    });
    const page = await clients.logs.send(command).catch((error: unknown) => {
      if (codeOf(error) === 'ResourceNotFoundException') return undefined;
      throw error;
    });
    if (!page) return;
    yield (page.events ?? []).map(({ timestamp = 0, message = '', eventId = '' }) => ({
      ...{ group, timestamp, message, id: eventId },
    }));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
};

/** All lines of one query. @param max reading ends with the call that reaches it */
export const readLogLines = async (deployment: Deployment, query: LogQuery, max = 10_000): Promise<LogLine[]> => {
  const lines: LogLine[] = [];
  for await (const page of readLog(deployment, query)) {
    lines.push(...page);
    if (lines.length >= max) break;
  }
  return lines;
};

const firstWindow = 60_000;

interface TimeRange {
  readonly since: number;
  readonly until: number | undefined;
}

/**
 * Time ranges that go back from `until` to `since`, each four times as long as the one before. Without `until` the first one has no
 * end: what logs may have a clock that is ahead of this machine's.
 */
export const rangesBack = function* ({ since, until }: TimeRange, now: number): Generator<TimeRange> {
  const last = until ?? now;
  for (let [end, length] = [last, firstWindow]; end > since; end -= length, length *= 4) {
    // CloudWatch Logs' ranges have both their ends, so that they do not overlap.
    yield { since: Math.max(since, end - length + 1), until: end === last ? until : end };
  }
};

/** The latest lines of one query, oldest first. It does not read a long log from its beginning. */
export const readLatestLines = async (deployment: Deployment, query: LogQuery, max: number): Promise<LogLine[]> => {
  const found: LogLine[] = [];
  for (const range of rangesBack({ since: query.since, until: query.until }, deployment.now())) {
    found.unshift(...(await readLogLines(deployment, { ...query, ...range }, Infinity)));
    if (found.length >= max) break;
  }
  return found.slice(-max);
};

/** The functions' log groups, by the function's name: `deliver-batch`. */
export const functionGroups = ({ service }: Deployment): ReadonlyMap<string, string> =>
  new Map(
    service.functions.flatMap(({ name, logGroup }) => (logGroup === undefined ? [] : [[name, logGroup] as const])),
  );

/** A line of a function of ours as it was logged: a code and fields. Undefined for another kind of line. */
export const readFields = (message: string): Readonly<Record<string, unknown>> | undefined => {
  const value = readObject(message);
  return value && '_aws' in value ? undefined : value;
};
