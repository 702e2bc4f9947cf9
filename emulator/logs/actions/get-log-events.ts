import type { Action } from '../../service.ts';
import { invalidParameter, noLogStream } from '../errors.ts';
import type { LogEvent } from '../compact-events.ts';
import type { LogGroup } from '../log-group.ts';
import type { LogsState } from '../parameters.ts';
import { findGroup, groupPermission, integer, limitOf, refuse, text } from '../parameters.ts';

/** A token says where the next page begins: `f/` for later events, `b/` for earlier ones. */
const readToken = (token: string): { readonly forward: boolean; readonly sequence: number } => {
  const [, direction, digits] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  if (direction === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return { forward: direction === 'f', sequence: Number(digits) };
};

/** Characters of messages in one answer, which AWS ends at 1 MB. */
const answerLength = 1_000_000;

/** The first of the wanted events, as many as fit into one answer, at least one. */
const fitting = (events: Iterable<LogEvent>, isWanted: (event: LogEvent) => boolean, limit: number): LogEvent[] => {
  const page: LogEvent[] = [];
  let length = 0;
  for (const event of events) {
    if (!isWanted(event)) continue;
    length += event.message.length;
    if (page.length > 0 && length > answerLength) break;
    page.push(event);
    if (page.length === limit) break;
  }
  return page;
};

/** The events that a page is taken from, and whether the last of them come first. */
const eventsFrom = ({ events }: LogGroup, token: string | undefined, fromHead: boolean) => {
  if (token === undefined)
    return fromHead ? { events: events.from(0) } : { events: events.backFrom(events.count), back: true };
  const { forward, sequence } = readToken(token);
  return forward
    ? { events: events.from(events.positionAfter(sequence)) }
    : { events: events.backFrom(events.positionAfter(sequence - 1)), back: true };
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
    const isWanted = ({ stream, timestamp }: LogEvent): boolean =>
      stream === name && timestamp >= from && timestamp < to;
    const token = text(parameters, 'nextToken');
    const { events, back = false } = eventsFrom(group, token, parameters['startFromHead'] === true);
    const found = fitting(events, isWanted, limitOf(parameters, 10_000));
    const page = back ? found.toReversed() : found;
    const asked = token === undefined ? 0 : readToken(token).sequence;
    return {
      events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: `f/${page.at(-1)?.sequence ?? asked}`,
      nextBackwardToken: `b/${page[0]?.sequence ?? asked}`,
    };
  },
});
