import { beforeEach, describe, expect, test } from '@jest/globals';
import { jsonBytes, type Message } from '../../../functions/dispatch/message.ts';
import { maxExecutionBytes } from '../../../functions/dispatch/offload.ts';
import { start } from '../../tools/delivery-tools.ts';
import { createRouting, failed, records } from './routing.ts';
import { randomText } from '../../tools/random-text.ts';

let under: ReturnType<typeof createRouting>;

beforeEach(() => {
  under = createRouting();
});

const bodies = (messages: readonly Message[] = []): unknown[] =>
  messages.map((message) => ('body' in message ? message.body : 'offloaded'));

describe('the router', () => {
  test('dispatches the messages of a batch at once', async () => {
    const text = '{ "accountId":1, "sessionId":"s", "userId":2, "n":12345678901234567890 }';
    expect(await under.route(records(text, { accountId: 1 }))).toEqual(failed());
    expect(under.dispatches).toEqual([
      [
        { messageId: 'shardId-000000000000:0', sentAt: start, accountId: 1, sessionId: 's', userId: 2, body: text },
        { messageId: 'shardId-000000000000:1', sentAt: start, accountId: 1, body: '{"accountId":1}' },
      ],
    ]);
  });

  test('gives a message the same id when its batch comes again', async () => {
    const batch = records({ accountId: 1 });
    await under.route(batch);
    await under.route(batch);
    expect(under.dispatches[1]).toEqual(under.dispatches[0]);
  });

  test('starts nothing for an empty batch, or for one with nothing but bad records', async () => {
    expect(await under.route([])).toEqual(failed());
    expect(await under.route(records('bad'))).toEqual(failed());
    expect(under.dispatches).toEqual([]);
  });

  test('divides what does not fit an execution, in order', async () => {
    const batch = records(
      ...Array.from({ length: 6 }, (_, index) => ({ accountId: 1, index, text: 'x'.repeat(30_000) })),
    );
    expect(await under.route(batch)).toEqual(failed());
    expect(under.dispatches.flatMap(bodies)).toEqual(
      batch.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()),
    );
    expect(under.dispatches.map(({ length }) => length)).toEqual([3, 3]);
    for (const messages of under.dispatches) expect(jsonBytes(messages)).toBeLessThan(maxExecutionBytes + 100);
  });

  test("begins an account's next dispatch when the one before has ended", async () => {
    const order: string[] = [];
    under.machine.run = async (messages) => {
      const name = messages[0]?.messageId.at(-1) ?? '';
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
    };
    await under.route(records(...Array.from({ length: 3 }, () => ({ accountId: 1, text: 'x'.repeat(60_000) }))));
    expect(order).toEqual(['0 begins', '0 ends', '1 begins', '1 ends', '2 begins', '2 ends']);
  });

  test('offloads a large message before it dispatches it', async () => {
    const body = JSON.stringify({ accountId: 1, text: randomText(150_000) });
    under.machine.run = () => {
      expect([...under.bodies]).toEqual([['shardId-000000000000:1', body]]);
    };
    expect(await under.route(records({ accountId: 1 }, body))).toEqual(failed());
    expect(under.dispatches.flat()[1]).toEqual({
      messageId: 'shardId-000000000000:1',
      sentAt: start,
      accountId: 1,
      offloaded: true,
      bytes: body.length,
    });
  });
});

describe('a bad record', () => {
  test('is rejected with reason, bytes and origin, and the others are dispatched', async () => {
    expect(await under.route(records({ accountId: 1 }, 'hello', { accountId: '1' }, { accountId: 2 }))).toEqual(
      failed(),
    );
    expect(bodies(under.dispatches[0])).toEqual(['{"accountId":1}', '{"accountId":2}']);
    expect(under.rejected()).toMatchObject([
      {
        reason: 'InvalidRequest',
        message: 'record is "hello", but must be a JSON object',
        sequenceNumber: '1',
        partitionKey: 'key',
        arrivedAt: start,
        data: Buffer.from('hello').toString('base64'),
      },
      { reason: 'InvalidRequest', message: 'accountId is "1", but must be an integer', sequenceNumber: '2' },
    ]);
  });

  test('is rejected with the limit when it is too large', async () => {
    const large = JSON.stringify({ accountId: 1, text: 'x'.repeat(1_046_528) });
    expect(await under.route(records(large, { accountId: 1 }))).toEqual(failed());
    expect(under.rejected()).toMatchObject([
      ...[1, 2].map((part) => ({
        ...{ reason: 'MessageTooLarge', part, parts: 2 },
        message: 'The message has 1046553 bytes, but at most 1046528 can be delivered',
      })),
    ]);
  });

  test('of four megabytes is rejected in parts', async () => {
    expect(await under.route(records(Buffer.alloc(4_000_000, 'x'), { accountId: 1 }))).toEqual(failed());
    expect(under.rejected().map(({ part, parts }) => `${part}/${parts}`)).toEqual([
      '1/6',
      '2/6',
      '3/6',
      '4/6',
      '5/6',
      '6/6',
    ]);
    expect(under.dispatches).toHaveLength(1);
  });

  test('is logged by its reason and its id, without what it holds', async () => {
    await under.route(records('secret'));
    expect(under.log.lines).toEqual([
      {
        level: 'warn',
        code: 'RECORD_REJECTED',
        fields: { reason: 'InvalidRequest', recordId: 'shardId-000000000000:0' },
      },
    ]);
  });
});

describe('the measures of the router', () => {
  test('are the records of a batch and those that were rejected', async () => {
    await under.route(records({ accountId: 1 }, 'bad', { accountId: 2 }));
    expect(under.measures.counts).toEqual({ messagesReceived: 3, recordsRejected: 1 });
    expect(under.measures.published).toBe(1);
  });

  test('count each record once, however often its batch comes', async () => {
    const batch = records(
      { accountId: 1, text: 'x'.repeat(60_000) },
      'bad',
      { accountId: 1, text: 'x'.repeat(60_000) },
      'bad',
    );
    under.machine.run = (messages) => {
      if (messages[0]?.messageId.endsWith(':2')) throw new Error('Throttled');
    };
    expect(await under.route(batch)).toEqual(failed(2));
    expect(under.measures.counts).toEqual({ messagesReceived: 2, recordsRejected: 1 });
    under.machine.run = () => undefined;
    expect(await under.route(batch.slice(2))).toEqual(failed());
    expect(under.measures.counts).toEqual({ messagesReceived: 4, recordsRejected: 2 });
  });
});
