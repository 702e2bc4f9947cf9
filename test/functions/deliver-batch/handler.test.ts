import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Message } from '../../../functions/dispatch/message.ts';
import { bodiesOf, messages, startDelivering, whole } from './delivering.ts';

let under: Awaited<ReturnType<typeof startDelivering>>;

beforeEach(async () => {
  under = await startDelivering();
});

afterEach(() => under.server.stop());

describe('a delivery', () => {
  test('puts bodies and attributes into the queues unchanged', async () => {
    const message: Message = {
      messageId: 'shard:1',
      sentAt: 1_699_999_999_900,
      accountId: 1,
      body: '{ "accountId":1, "n":12345678901234567890,"t":"é🙂\u007f" }',
    };
    expect(
      await under.deliver(
        [message],
        [
          {
            messages: '0',
            sessions: [
              ['q1', 's1'],
              ['q2', 's2'],
            ],
          },
        ],
      ),
    ).toEqual(whole(2, 2));
    const sent = { body: message.body, attributes: { messageId: 'String shard:1', sentAt: 'Number 1699999999900' } };
    expect([...under.sqs.queues]).toEqual(
      expect.arrayContaining([
        ['q1', [sent]],
        ['q2', [sent]],
      ]),
    );
  });

  test('takes one call for ten messages of a queue', async () => {
    const all = messages(31);
    await under.deliver(all, [
      { messages: '0-9', sessions: [['ten', 's']] },
      { messages: '0-30', sessions: [['all', 's']] },
    ]);
    expect(under.sqs.batches.filter(({ queue }) => queue === 'ten').map(({ entries }) => entries)).toEqual([10]);
    expect(under.sqs.batches.filter(({ queue }) => queue === 'all').map(({ entries }) => entries)).toEqual([
      10, 10, 10, 1,
    ]);
    expect(under.sqs.bodies('all')).toEqual(bodiesOf(all));
  });

  test('takes no more bytes in a call than SQS allows', async () => {
    const all = Array.from({ length: 12 }, (_, index): Message => ({
      messageId: `m${index}`,
      sentAt: 1,
      accountId: 1,
      body: `"${index}${'x'.repeat(204_000)}"`,
    }));
    expect(await under.deliver(all, [{ messages: '0-11', sessions: [['q', 's']] }])).toEqual(whole(1, 12));
    expect(under.sqs.batches.map(({ entries }) => entries)).toEqual([5, 5, 2]);
    expect(Math.max(...under.sqs.batches.map(({ bytes }) => bytes))).toBeLessThanOrEqual(1_048_576);
  });

  test('sends to 64 queues at once', async () => {
    under.sqs.holdUntilAtOnce = 64;
    const sessions = Array.from({ length: 200 }, (_, index) => [`q${index}`, `s${index}`] as const);
    expect(await under.deliver(messages(1), [{ messages: '0', sessions }])).toEqual(whole(200, 200));
    expect(under.sqs.mostAtOnce).toBe(64);
  });

  test('has few large calls on their way at once', async () => {
    under.sqs.holdUntilAtOnce = 12;
    const large: Message = { messageId: 'm', sentAt: 1, accountId: 1, body: 'x'.repeat(204_000) };
    const sessions = Array.from({ length: 40 }, (_, index) => [`q${index}`, `s${index}`] as const);
    expect(await under.deliver(Array<Message>(5).fill(large), [{ messages: '0-4', sessions }])).toEqual(whole(40, 200));
    expect(under.sqs.mostAtOnce).toBe(12);
  });

  test('reads the bodies of stored messages, each once', async () => {
    under.stored.set('big', 'the stored body');
    const message: Message = { messageId: 'big', sentAt: 1, accountId: 1, stored: true, bytes: 15 };
    await under.deliver(
      [message],
      [
        {
          messages: '0',
          sessions: [
            ['q1', 's1'],
            ['q2', 's2'],
          ],
        },
      ],
    );
    expect([under.sqs.bodies('q1'), under.sqs.bodies('q2')]).toEqual([['the stored body'], ['the stored body']]);
    expect(under.server.calls.filter(({ action }) => action === 'GetItem')).toHaveLength(1);
  });

  test('answers a stored message that is no longer kept as undelivered, and delivers the others', async () => {
    const lost: Message = { messageId: 'lost', sentAt: 1, accountId: 1, stored: true, bytes: 15 };
    const [first, second] = messages(2) as [Message, Message];
    const result = await under.deliver([first, lost, second], [{ messages: '0-2', sessions: [['q', 's']] }]);
    expect(under.sqs.bodies('q')).toEqual(bodiesOf([first, second]));
    expect(result).toEqual({
      ...whole(1, 2),
      undelivered: [{ messages: '1', sessions: [['q', 's']], reason: 'The body is no longer kept' }],
    });
  });

  test('fails to be retried when a stored body cannot be read', async () => {
    under.stored.set('big', 'throttled');
    const message: Message = { messageId: 'big', sentAt: 1, accountId: 1, stored: true, bytes: 15 };
    await expect(under.deliver([message], [{ messages: '0', sessions: [['q', 's']] }])).rejects.toMatchObject({
      name: 'Throttled',
    });
    expect(under.sqs.batches).toEqual([]);
  });

  test('refuses what is no delivery', async () => {
    await expect(under.deliver([{} as Message], [])).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});

describe('the measures of a delivery', () => {
  test('are each message delivered, its latency, and each queue that is gone', async () => {
    under.sqs.deleted.add('gone');
    under.sqs.onEntry = (_, body) =>
      body.includes('"n":1}') ? { code: 'InvalidMessageContents', senderFault: true } : undefined;
    await under.deliver(messages(3), [
      {
        messages: '0-2',
        sessions: [
          ['gone', 's1'],
          ['q', 's2'],
        ],
      },
    ]);
    expect(under.measures.counts).toEqual({ messagesDelivered: 2, queuesGone: 1 });
    expect(under.measures.latencies).toEqual([100, 102]);
    expect(under.measures.published).toBe(1);
  });
});
