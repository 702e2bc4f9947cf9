import type { Action, Parameters } from '../../service.ts';
import { invalidParameter } from '../errors.ts';
import { compileFilter } from '../filter-pattern.ts';
import type { LogEvent } from '../compact-events.ts';
import type { LogsState } from '../parameters.ts';
import { findGroup, groupPermission, integer, limitOf, refuse, text } from '../parameters.ts';

/**
 * Events that one answer searches. On AWS an answer has the events of a scan window, so it can be empty and still
 * have a nextToken; callers must ask for the next page until there is no token.
 */
const scannedEvents = 20_000;

/** Characters of messages in one answer, which AWS ends at 1 MB. */
const answerLength = 1_000_000;

const streamFilter = (parameters: Parameters): ((stream: string) => boolean) => {
  const prefix = text(parameters, 'logStreamNamePrefix');
  const names = parameters['logStreamNames'];
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('logStreamNamePrefix and logStreamNames cannot both be specified.');
  }
  if (!Array.isArray(names)) return (stream) => stream.startsWith(prefix ?? '');
  const wanted = new Set<unknown>(names);
  return (stream) => wanted.has(stream);
};

/** An id that sorts as the events arrived; AWS's have 56 digits too. */
export const eventId = ({ sequence }: LogEvent): string => String(sequence).padStart(56, '0');

/** The events in the order they arrived. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
export const filterLogEvents = (state: LogsState): Action => ({
  permissions: groupPermission(state, 'FilterLogEvents'),
  run: (parameters) => {
    refuse(parameters, 'unmask');
    const group = findGroup(state, parameters);
    const isWanted = streamFilter(parameters);
    const matches = compileFilter(text(parameters, 'filterPattern') ?? '');
    const from = integer(parameters, 'startTime') ?? 0;
    const to = integer(parameters, 'endTime') ?? Infinity;
    const limit = limitOf(parameters, 10_000);
    const { events } = group;
    const start = events.positionAfter(Number(text(parameters, 'nextToken') ?? 0));
    const found: LogEvent[] = [];
    let length = 0;
    let position = start;
    let last: LogEvent | undefined;
    for (const event of events.from(start)) {
      if (position - start === scannedEvents || found.length >= limit || length >= answerLength) break;
      position += 1;
      last = event;
      if (event.timestamp < from || event.timestamp > to || !isWanted(event.stream)) continue;
      if (!matches(event.message)) continue;
      found.push(event);
      length += event.message.length;
    }
    return {
      events: found.map((event) => ({
        logStreamName: event.stream,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: eventId(event),
      })),
      searchedLogStreams: [],
      ...(position < events.count && last && { nextToken: String(last.sequence) }),
    };
  },
});
