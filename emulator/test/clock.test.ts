import { expect, test } from '@jest/globals';
import { MovableClock } from '../clock.ts';

test('a limit on a standing clock ends when the clock is moved so far', async () => {
  const clock = new MovableClock({ standsAt: 0 });
  const over = Promise.withResolvers<number>();
  clock.limit(1_000, () => {
    over.resolve(clock.now());
  });
  clock.advance(999);
  clock.advance(1);
  expect(await over.promise).toBe(1_000);
});

test('a limit on a running clock is not shortened by moving it', async () => {
  const clock = new MovableClock();
  const ended: string[] = [];
  const callOff = clock.limit(3_600_000, () => ended.push('limit'));
  const alarm = Promise.withResolvers<undefined>();
  clock.at(clock.now() + 3_600_000, () => {
    alarm.resolve(undefined);
  });
  clock.advance(3_600_000);
  await alarm.promise;
  callOff();
  expect(ended).toEqual([]);
});

test('a limit that was called off does not end', async () => {
  const clock = new MovableClock({ standsAt: 0 });
  const ended: string[] = [];
  clock.limit(1_000, () => ended.push('limit'))();
  const alarm = Promise.withResolvers<undefined>();
  clock.at(1_000, () => {
    alarm.resolve(undefined);
  });
  clock.advance(1_000);
  await alarm.promise;
  expect(ended).toEqual([]);
});
