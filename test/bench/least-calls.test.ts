import { describe, expect, test } from '@jest/globals';
import { callRows } from '../../bench/call-table.ts';
import { byService, minCallsForBroadcast, minCallsForStream } from '../../bench/least-calls.ts';

describe('the least possible calls', () => {
  const receivers = [...Array.from({ length: 11 }, () => ['a']), ['b'], ['a', 'b']];
  const queries = (names: readonly string[]): number => names.length;

  test('are one send for ten messages of a session in a batch', () => {
    // 'a' has 12 messages, 'b' has 2.
    expect(minCallsForStream({ receivers, batches: [13], queries })).toEqual({
      kinesis: 2,
      dynamodb: 2,
      lambda: 2,
      states: 1,
      sqs: 9,
    });
  });

  test('are counted for the batches that were formed', () => {
    expect(minCallsForStream({ receivers, batches: [11, 2], queries })).toMatchObject({
      dynamodb: 3,
      states: 2,
      sqs: 12,
    });
  });

  test('of a broadcast are one read of the index and a delivery for 500 sessions', () => {
    expect(minCallsForBroadcast({ sessions: 10_000, itemBytes: 200 })).toEqual({
      dynamodb: 2,
      lambda: 22,
      states: 1,
      sqs: 10_000,
    });
  });
});

test('calls are added up by service', () => {
  expect(byService({ 'sqs:SendMessageBatch': 2, 'sqs:ReceiveMessage': 3, 'states:StartSyncExecution': 1 })).toEqual({
    sqs: 5,
    states: 1,
  });
});

test('rows are for 1,000 deliveries, and leave out what has no least', () => {
  const rows = callRows({
    scenario: 's',
    deliveries: 2000,
    calls: { 'sqs:SendMessageBatch': 3000, 'sts:GetCallerIdentity': 1 },
    least: { sqs: 2000 },
  });
  expect(rows).toEqual([{ scenario: 's', service: 'sqs', calls: 1500, least: 1000, multiple: 1.5 }]);
});
