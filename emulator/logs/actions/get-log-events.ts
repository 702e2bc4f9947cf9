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

const pageOf = (events: readonly LogEvent[], limit: number, token: string | undefined, fromHead: boolean) => {
  if (token === undefined) return fromHead ? events.slice(0, limit) : events.slice(-limit);
  const { forward, sequence } = readToken(token);
  return forward
    ? events.filter((event) => event.sequence > sequence).slice(0, limit)
    : events.filter((event) => event.sequence < sequence).slice(-limit);
};

/**
 * A stream's events. There always are both tokens; at the end of the stream the answer repeats the token it was asked with.
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
