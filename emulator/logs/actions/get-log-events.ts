import type { Action } from '../../service.ts';
import { invalidParameter, noLogStream } from '../errors.ts';
import type { LogEvent } from '../log-group.ts';
import type { LogsState } from '../parameters.ts';
import { findGroup, groupPermission, integer, limitOf, refuse, text } from '../parameters.ts';

/** Where a page begins or ends: `f/` goes on to later events, `b/` back to earlier ones. */
const readToken = (token: string): { readonly forward: boolean; readonly sequence: number } => {
  const [, direction, digits] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  if (direction === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return { forward: direction === 'f', sequence: Number(digits) };
};

/** Characters of messages in one answer, which AWS ends at 1 MB. */
const answerLength = 1_000_000;

/** The first of these events that fit into one answer, at least one. */
const fitting = (events: readonly LogEvent[], limit: number): readonly LogEvent[] => {
  let length = 0;
  const end = events.slice(0, limit).findIndex(({ message }) => (length += message.length) > answerLength);
  return events.slice(0, end < 0 ? limit : Math.max(end, 1));
};

/** The last of these events that fit into one answer. */
const lastFitting = (events: readonly LogEvent[], limit: number): readonly LogEvent[] =>
  fitting(events.toReversed(), limit).toReversed();

const pageOf = (events: readonly LogEvent[], limit: number, token: string | undefined, fromHead: boolean) => {
  if (token === undefined) return fromHead ? fitting(events, limit) : lastFitting(events, limit);
  const { forward, sequence } = readToken(token);
  return forward
    ? fitting(
        events.filter((event) => event.sequence > sequence),
        limit,
      )
    : lastFitting(
        events.filter((event) => event.sequence < sequence),
        limit,
      );
};

/**
 * A stream's events. An answer always has both tokens; at the end of the stream it repeats the token of the request.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export const getLogEvents = (state: LogsState): Action => ({
  permissions: groupPermission(state, 'GetLogEvents', (parameters) => text(parameters, 'logStreamName') ?? ''),
  run: (parameters) => {
    refuse(parameters, 'unmask');
    const group = findGroup(state, parameters);
    const name = text(parameters, 'logStreamName') ?? '';
    if (!group.streams.has(name)) throw noLogStream();
    const from = integer(parameters, 'startTime') ?? 0;
    const to = integer(parameters, 'endTime') ?? Infinity;
    const events = group.events.filter(
      ({ stream, timestamp }) => stream === name && timestamp >= from && timestamp < to,
    );
    const token = text(parameters, 'nextToken');
    const page = pageOf(events, limitOf(parameters, 10_000), token, parameters['startFromHead'] === true);
    const asked = token === undefined ? 0 : readToken(token).sequence;
    return {
      events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: `f/${page.at(-1)?.sequence ?? asked}`,
      nextBackwardToken: `b/${page[0]?.sequence ?? asked}`,
    };
  },
});
