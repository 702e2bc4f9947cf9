import { describe, expect, test } from '@jest/globals';
import type { DeliveryScenario } from '../../../bench/cost/deliveries.ts';
import {
  peerPerMillionDeliveries,
  peers,
  perMillionDeliveries,
  sqsRequests,
  usage,
} from '../../../bench/cost/deliveries.ts';
import { prices } from '../../../bench/cost/prices.ts';
import { attentions, perMillionSessionMinutes } from '../../../bench/cost/session-minutes.ts';

/** A hundred messages to single sessions, ten to a send, in one batch. */
const stream: DeliveryScenario = {
  scenario: 'stream',
  by: 'kinesis',
  messages: 100,
  deliveries: 100,
  calls: {
    'sqs:SendMessageBatch': 10,
    'dynamodb:Query': 10,
    'states:StartSyncExecution': 1,
    'lambda:router': 1,
    'lambda:x-route-messages': 1,
    'lambda:x-deliver-batch': 1,
    'lambda:x-count-deliveries': 1,
  },
  used: { functionRuns: 3, functionGigabyteSeconds: 0.1, executionGigabyteSeconds: 0.03, logBytes: 500 },
  perFurtherExecution: { functionRuns: 1, functionGigabyteSeconds: 0.01, executionGigabyteSeconds: 0.01, logBytes: 50 },
};

const quantity = (kilobytes: number, price: string): number | undefined =>
  usage(stream, kilobytes).find((line) => line.price === price)?.quantity;

describe('requests of SQS', () => {
  test.each([
    { of: 'one message of 1 KB: sent, received, deleted', deliveries: 1, perSend: 1, kilobytes: 1, requests: 3 },
    { of: 'ten of 1 KB in one call', deliveries: 10, perSend: 10, kilobytes: 1, requests: 3 },
    { of: 'one of 64 KB', deliveries: 1, perSend: 1, kilobytes: 64, requests: 3 },
    { of: 'one of 200 KB: four chunks each way', deliveries: 1, perSend: 1, kilobytes: 200, requests: 9 },
    { of: 'five of 200 KB in one call: 16 chunks each way', deliveries: 5, perSend: 5, kilobytes: 200, requests: 33 },
  ])('$of', ({ deliveries, perSend, kilobytes, requests }) => {
    expect(sqsRequests(deliveries, perSend, kilobytes * 1024)).toBe(requests);
  });
});

describe('what a scenario uses', () => {
  test('is what was counted as long as messages are small', () => {
    expect(quantity(0.5, 'states-request')).toBe(1);
    expect(quantity(0.5, 'lambda-request')).toBe(4);
    expect(quantity(0.5, 'dynamodb-read')).toBe(10);
    expect(quantity(0.5, 's3-put')).toBe(0);
    expect(quantity(0.5, 'sqs-request')).toBe(30);
  });

  test('grows with messages that no longer fit an execution together', () => {
    // Four of 20 KB in 96 KiB: 25 executions and sends, each further one with its function, and a look-up a send.
    expect(quantity(20, 'states-request')).toBe(25);
    expect(quantity(20, 'lambda-request')).toBe(3 + 24 + 1);
    expect(quantity(20, 'lambda-gb-second')).toBeCloseTo(0.1 + 24 * 0.01);
    expect(quantity(20, 'dynamodb-read')).toBe(25);
    expect(quantity(20, 'sqs-request')).toBe(25 * 5);
  });

  test('counts what is kept in a bucket on its way: put, read, and a day and a half of storage', () => {
    expect(quantity(200, 's3-put')).toBe(100);
    expect(quantity(200, 's3-get')).toBe(100);
    expect(quantity(200, 's3-gb-month')).toBeCloseTo((100 * 204_800 * 1.5) / 30 / 1e9);
  });

  test('keeps nothing of a notify call that Route Messages sends by itself', () => {
    const puts = (calls: DeliveryScenario['calls']) =>
      usage({ ...stream, by: 'notify', calls }, 200).find(({ price }) => price === 's3-put')?.quantity;
    expect([puts({ ...stream.calls, 'lambda:x-deliver-batch': 0 }), puts(stream.calls)]).toEqual([0, 100]);
  });

  test('pays API Gateway for a notify call and Kinesis for a record', () => {
    const names = (scenario: DeliveryScenario) => usage(scenario, 1).map(({ price }) => price);
    expect(names(stream)).toContain('kinesis-put-unit');
    expect(names({ ...stream, by: 'notify' })).toContain('api-request');
  });
});

test('a peer costs its published price by its steps', () => {
  const of = (name: string, kilobytes: number) => {
    const peer = peers.find((one) => one.name === name);
    return peer && peerPerMillionDeliveries(peer, stream, kilobytes);
  };
  expect(of('AppSync Events', 5)).toBeCloseTo(2);
  expect(of('AppSync Events', 6)).toBeCloseTo(4);
  expect(of('API Gateway WebSocket', 50)).toBeCloseTo(2);
  expect(of('IoT Core', 200)).toBeUndefined();
});

test('every cost is more for larger messages', () => {
  const costs = [1, 5, 20, 50, 200].map((kilobytes) => perMillionDeliveries(stream, kilobytes));
  expect(costs).toEqual([...costs].sort((a, b) => a - b));
});

test('a paused session costs nothing, an always polling one three requests a minute', () => {
  const cost = (name: string) => attentions.filter((one) => one.name === name).map(perMillionSessionMinutes);
  expect(cost('paused')).toEqual([0]);
  expect(cost('always polling')[0]).toBeCloseTo(1.2);
});

test('every price names its source', () => {
  for (const { usd, unit, source } of Object.values(prices.of)) {
    expect(usd).toBeGreaterThan(0);
    expect([unit, source].every((text) => text.length > 5)).toBe(true);
  }
});
