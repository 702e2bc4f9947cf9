import { afterEach, describe, expect, test } from '@jest/globals';
import type { CallRecord } from 'aws-template-emulator';
import type { ExecutionRecord } from 'aws-template-emulator';
import * as z from 'zod/mini';
import type { Stack } from '../../acceptance/stack.ts';
import { refusal, startStack } from '../../acceptance/stack.ts';

const clockSchema = z.object({ now: z.number() });

const stack: Stack = await startStack();
const { runtime } = stack;
const undo: (() => unknown)[] = [];

afterEach(() => {
  for (const one of undo.splice(0)) one();
});

const fault = (...parameters: Parameters<typeof runtime.faults.add>) => undo.push(runtime.faults.add(...parameters));

const callsDuring = async (act: () => Promise<unknown>): Promise<readonly CallRecord[]> => {
  const records: CallRecord[] = [];
  const end = runtime.calls.on((record) => records.push(record));
  await act();
  end();
  return records;
};

describe('a fault', () => {
  test('fails a function before it does anything', async () => {
    fault({ function: 'MakeQueue', when: 'before', error: { name: 'UpstreamFailed', message: 'broken' } });
    const calls = await callsDuring(async () => {
      expect(await stack.call('/create/1/before')).toMatchObject({
        status: 502,
        json: refusal('UpstreamFailed'),
      });
    });
    expect(calls.map(({ action }) => action)).not.toContain('CreateQueue');
  });

  test('fails a function after it has done everything', async () => {
    fault({ function: 'MakeQueue', when: 'after', error: { name: 'UpstreamFailed', message: 'broken' } });
    const calls = await callsDuring(async () => {
      expect(await stack.call('/create/1/after')).toMatchObject({ status: 502 });
    });
    expect(calls.map(({ action }) => action)).toContain('CreateQueue');
  });

  test('happens as often as it says', async () => {
    fault({ function: 'FindSession', when: 'before', error: { name: 'Throttled', message: 'slow down' }, times: 2 });
    expect(await stack.call('/status/1/nobody')).toMatchObject({ status: 404 });
  });

  test('happens until it is removed', async () => {
    fault({ function: 'FindSession', when: 'before', error: { name: 'Throttled', message: 'slow down' } });
    expect(await stack.call('/status/1/nobody')).toMatchObject({ status: 429 });
    undo.pop()?.();
    expect(await stack.call('/status/1/nobody')).toMatchObject({ status: 404 });
  });

  test('that kills a function is retried as Lambda.Unknown', async () => {
    fault({ function: 'RecordSession', when: 'after', error: 'killed', times: 1 });
    expect(await stack.call('/create/1/killed')).toMatchObject({ status: 200 });
  });

  test('that times a function out gets 504', async () => {
    fault({ function: 'FindSession', when: 'before', error: 'timeout' });
    expect(await stack.call('/status/1/nobody')).toMatchObject({ status: 504, json: refusal('TimedOut') });
  });

  test('fails a call of one function and of no other', async () => {
    fault({
      function: 'RecordSession',
      call: 'dynamodb:GetItem',
      when: 'before',
      error: { name: 'AccessDeniedException', message: 'no' },
    });
    fault({
      function: 'RecordSession',
      call: 'dynamodb:PutItem',
      when: 'before',
      error: { name: 'AccessDeniedException', message: 'no' },
    });
    expect(await stack.call('/create/1/call')).toMatchObject({ status: 502, json: refusal('UpstreamFailed') });
    expect(await stack.call('/status/1/call')).toMatchObject({ status: 404 });
  });

  test('ends the thread of the function in the middle of a call', async () => {
    fault({ function: 'MakeQueue', call: 'sqs:CreateQueue', when: 'after', error: 'killed', times: 1 });
    expect(await stack.call('/create/1/thread')).toMatchObject({ status: 200 });
  });

  test('needs something to happen to', () => {
    expect(() => runtime.faults.add({ when: 'before', error: 'killed' })).toThrow('a function or a call');
  });
});

describe('a listener', () => {
  test('gets every call with caller, permissions and outcome', async () => {
    const calls = await callsDuring(() => stack.create(2, 'calls'));
    expect(calls).toContainEqual({
      service: 'sqs',
      action: 'CreateQueue',
      principal: expect.objectContaining({ type: 'role', roleName: expect.stringContaining('MakeQueue') }),
      permissions: [expect.objectContaining({ action: 'sqs:CreateQueue' })],
      outcome: 'answered',
    });
    expect(calls.filter(({ outcome }) => outcome === 'denied')).toEqual([]);
  });

  test('gets every execution with its largest payload', async () => {
    const records: ExecutionRecord[] = [];
    undo.push(runtime.executions.on((record) => records.push(record)));
    await stack.create(2, 'executions');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ machine: 'sqs-browser-dev-create-session', status: 'SUCCEEDED' });
    expect(records[0]?.largestPayload).toBeGreaterThan(1_000);
    expect(records[0]?.largestPayload).toBeLessThan(20_000);
    expect(records[0]?.events.at(-1)?.type).toBe('ExecutionSucceeded');
  });

  test('gets the memory and the CPU that functions use', async () => {
    await stack.create(2, 'usage');
    const { StartCreate: usage } = await runtime.functionUsage();
    expect(usage?.memoryBytes).toBeGreaterThan(1_000_000);
    expect(usage?.cpuMilliseconds).toBeGreaterThan(1);
  });
});

describe('POST /_local/clock', () => {
  test('moves the clock', async () => {
    const before = runtime.clock.now();
    const { status, json } = await stack.post('/_local/clock', { advanceSeconds: 60 });
    expect(status).toBe(200);
    expect(clockSchema.parse(json).now).toBeGreaterThanOrEqual(before + 60_000);
    expect(runtime.clock.now()).toBeGreaterThanOrEqual(before + 60_000);
  });

  test.each([{ advanceSeconds: -1 }, { advanceSeconds: 1e12 }, { advanceSeconds: '1' }, {}, 'x', 'null'])(
    'refuses %j',
    async (body) => {
      expect(await stack.post('/_local/clock', body)).toMatchObject({ status: 400, json: refusal('InvalidRequest') });
    },
  );

  test('is not for pages of other sites', async () => {
    const headers = { origin: 'https://example.com', 'content-type': 'text/plain' };
    const answer = await stack.call('/_local/clock', { method: 'POST', headers, body: '{"advanceSeconds":60}' });
    expect(answer.status).toBe(403);
  });
});
