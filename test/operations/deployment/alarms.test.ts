import { describe, expect, test } from '@jest/globals';
import { stateOf } from '../../../operations/deployment/alarms.ts';

const hour = 3_600_000;
const made = Date.UTC(2026, 0, 1);

/**
 * The state of an alarm with a period of an hour.
 * @param since hours after it was made at which it changed to its state
 * @param now hours after it was made
 */
const stateAfter = (
  alarm: { readonly StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'; readonly TreatMissingData: string },
  since: number,
  now: number,
) =>
  stateOf(
    {
      ...alarm,
      Period: 3600,
      AlarmConfigurationUpdatedTimestamp: new Date(made),
      StateTransitionedTimestamp: new Date(made + since * hour),
    },
    made + now * hour,
  );

describe('an alarm that is on without data', () => {
  const alarm = { StateValue: 'INSUFFICIENT_DATA', TreatMissingData: 'missing' } as const;

  test('is on from the moment at which its data have ended', () => {
    expect(stateAfter(alarm, 5, 5)).toBe('ALARM');
  });

  test('has not enough data when it is new', () => {
    expect(stateAfter(alarm, 0, 0)).toBe('INSUFFICIENT_DATA');
    expect(stateAfter(alarm, 0, 1)).toBe('INSUFFICIENT_DATA');
  });

  test('is on when no data came in its first period', () => {
    expect(stateAfter(alarm, 0, 1.1)).toBe('ALARM');
  });

  test('stays on when a deployment changes it', () => {
    expect(stateAfter(alarm, -5, 0)).toBe('ALARM');
  });

  test.each(['OK', 'ALARM'] as const)('is %s as CloudWatch says while it has data', (StateValue) => {
    expect(stateAfter({ ...alarm, StateValue }, 5, 9)).toBe(StateValue);
  });

  test('is judged by its last update where CloudWatch does not say when its state changed', () => {
    const StateUpdatedTimestamp = new Date(made);
    expect(stateOf({ ...alarm, Period: 3600, StateUpdatedTimestamp }, made + 2 * hour)).toBe('ALARM');
    expect(stateOf({ ...alarm, Period: 3600 }, made)).toBe('INSUFFICIENT_DATA');
  });
});

test.each(['ignore', 'notBreaching'])('an alarm that takes missing data as %s only lacks data', (TreatMissingData) => {
  expect(stateAfter({ StateValue: 'INSUFFICIENT_DATA', TreatMissingData }, 5, 9)).toBe('INSUFFICIENT_DATA');
});
