import { expect, test } from '@jest/globals';
import type { Messaging } from '../../bench/messaging.ts';
import { oneByOne, openListeners, saturate, steadily } from '../../bench/messaging.ts';

/** Brings every message at once, and counts calls. */
const instant = () => {
  const listeners = new Map<string, (body: string) => void>();
  const calls: number[] = [];
  const bring = (name: string, body: object): void => listeners.get(name)?.(JSON.stringify(body));
  const messaging: Messaging<string> = {
    open: (name) => Promise.resolve(name),
    send: (name, body) => {
      bring(name, body);
      return Promise.resolve();
    },
    stream: (bodies) => {
      calls.push(bodies.length);
      for (const { name, body } of bodies) bring(name, body);
      return Promise.resolve();
    },
    listen: (name, onMessage, signal) => {
      listeners.set(name, onMessage);
      return new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
    },
  };
  return { messaging, calls };
};

test('one message after the other has a time each', async () => {
  const { messaging } = instant();
  expect(await oneByOne(messaging, { name: 'n', session: 'n', count: 5 })).toHaveLength(5);
});

test('a steady stream has a hundredth of a second in a call, and a time for each message', async () => {
  const { messaging, calls } = instant();
  const listeners = await openListeners(messaging, 3);
  expect(await steadily(listeners, { count: 40, rate: 2000 })).toHaveLength(40);
  expect(calls).toEqual([20, 20]);
});

test('saturation has full calls, and is over when the last message has come', async () => {
  const { messaging, calls } = instant();
  const listeners = await openListeners(messaging, 3);
  expect(await saturate(listeners, { count: 100, batch: 50 })).toBeGreaterThan(0);
  expect(calls).toEqual([50, 50]);
});
