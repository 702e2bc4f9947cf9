import { expect, test } from '@jest/globals';
import { CompactEvents } from '../../logs/compact-events.ts';
import type { LogEvent } from '../../logs/compact-events.ts';

/** Sequence numbers of a group have gaps: other groups have the rest. */
const eventAt = (position: number): LogEvent => ({
  sequence: 3 * position + 1,
  stream: `stream ${Math.floor(position / 1500)}`,
  timestamp: 1_000_000 + position,
  ingestionTime: 1_000_001 + position,
  message: `line ${position} with "quotes", ümläuts, 🎉 and half of one \ud83c\n`,
});

const filled = (count: number, limit = 100_000): CompactEvents => {
  const events = new CompactEvents(limit);
  for (let position = 0; position < count; position += 1) events.add(eventAt(position));
  return events;
};

const eventsBetween = (from: number, to: number): LogEvent[] =>
  Array.from({ length: to - from }, (_, index) => eventAt(from + index));

test.each([0, 999, 1000, 1700, 2000, 2500])(
  'events are read forward and back from position %i as they were added',
  (position) => {
    const events = filled(2500);
    expect([...events.from(position)]).toEqual(eventsBetween(position, 2500));
    expect([...events.backFrom(position)]).toEqual(eventsBetween(0, position).reverse());
  },
);

test.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [2998, 1000],
  [3000, 1000],
  [3001, 1001],
  [7498, 2500],
  [9999, 2500],
])('the position after sequence number %i is %i', (sequence, position) => {
  expect(filled(2500).positionAfter(sequence)).toBe(position);
});

test('the oldest are forgotten, and their streams with them, and at least as many are kept as asked for', () => {
  const events = filled(4200);
  expect(events.forget(1100)).toEqual(eventsBetween(0, 3000));
  expect(events.count).toBe(1200);
  expect(events.length).toBe(eventsBetween(3000, 4200).reduce((sum, { message }) => sum + message.length, 0));
  expect([...events.from(0)]).toEqual(eventsBetween(3000, 4200));
  expect([...events.streams()]).toEqual(['stream 2']);
});

test('no more is forgotten at a time than a small limit keeps', () => {
  const events = filled(7, 3);
  expect(events.forget(3)).toEqual(eventsBetween(0, 3));
  expect([...events.from(0)]).toEqual(eventsBetween(3, 7));
});
