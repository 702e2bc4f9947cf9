import { describe, expect, test } from '@jest/globals';
import { request, worstCase } from '../tools/worst-case.ts';
import { publishTo } from './publish-to.ts';
import { refusal, startStack } from './stack.ts';

const stack = await startStack();

const { publish, publishUntilSent } = publishTo(stack);

const message = (accountId: number, more: object = {}) => ({ message: { accountId, ...more } });

describe('a publish call', () => {
  test('sends each session its messages, in order, in as few calls as there can be', async () => {
    const [mine, other] = [await stack.create(31, 'mine', 7), await stack.create(31, 'other')];
    const sends: unknown[] = [];
    const stop = stack.runtime.calls.on(({ action }) => {
      if (action === 'SendMessageBatch') sends.push(action);
    });
    const events = Array.from({ length: 25 }, (_, n) => message(31, n % 5 === 0 ? { n, userId: 7 } : { n }));
    expect(await publish(...events)).toMatchObject({ notTaken: 0 });
    stop();
    const texts = events.map((event) => JSON.stringify(event.message));
    expect(await stack.receive(mine)).toEqual(texts);
    expect(await stack.receive(other)).toEqual(texts.filter((text) => !text.includes('userId')));
    // 25 messages are three calls, 20 are two. In the worst case calls are throttled, and made again.
    if (worstCase) expect(sends.length).toBeGreaterThanOrEqual(5);
    else expect(sends).toHaveLength(5);
  });

  test('of five hundred large events is sent in order', async () => {
    const session = await stack.create(32, 'large');
    const events = Array.from({ length: 500 }, (_, n) => message(32, { n, text: 'x'.repeat(2_000) }));
    expect(await publish(...events)).toMatchObject({ notTaken: 0 });
    expect(await stack.receive(session)).toEqual(events.map((event) => JSON.stringify(event.message)));
  });

  test('has a result for each event, and a wrong one holds up no other', async () => {
    const session = await stack.create(33, 's');
    const { notTaken, results } = await publish(message(33, { n: 1 }), { message: {} }, message(33, { n: 2 }));
    expect(notTaken).toBe(1);
    expect(results).toMatchObject([
      { status: 'sent' },
      { status: 'rejected', error: 'InvalidRequest', field: 'events[1].message.accountId' },
      { status: 'sent' },
    ]);
    expect(await stack.receive(session)).toEqual(['{"accountId":33,"n":1}', '{"accountId":33,"n":2}']);
  });

  test.each([
    [{ messages: [{}] }, 400, refusal('InvalidRequest', 'messages is an array, but must be called events')],
    [{ events: [] }, 400, refusal('InvalidRequest', 'events')],
    ['{', 400, refusal('InvalidRequest', 'body')],
    [{ events: [message(1, { text: 'x'.repeat(6_000_000) })] }, 413, refusal('MessageTooLarge', 'The request')],
  ])('that is wrong as a whole is refused', async (body, status, json) => {
    expect(await request(() => stack.post('/publish', body))).toMatchObject({ status, json });
  });

  test('by GET is no route', async () => {
    expect(await stack.call('/publish')).toMatchObject({ status: 403 });
  });
});

describe('two publish calls at once with one idempotency key', () => {
  test('send the message once, and are answered alike', async () => {
    const session = await stack.create(34, 's');
    const event = { ...message(34, { n: 1 }), idempotencyKey: 'at once' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => publishUntilSent(event)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await stack.receive(session)).toEqual(['{"accountId":34,"n":1}']);
    expect(await publishUntilSent(event)).toEqual(answers[0]);
    expect(await stack.receive(session)).toEqual([]);
  });

  test('of which the first fails are answered failed, and the next call sends the message', async () => {
    const session = await stack.create(35, 's');
    const event = { ...message(35, { n: 1 }), idempotencyKey: 'fails first' };
    const remove = stack.runtime.faults.add({
      call: 'states:StartSyncExecution',
      function: 'Publish',
      when: 'before',
      error: { name: 'ThrottlingException', message: 'Rate exceeded' },
    });
    expect((await publish(event)).results).toMatchObject([{ status: 'failed', error: 'Throttled' }]);
    remove();
    expect((await publishUntilSent(event)).results).toMatchObject([{ status: 'sent' }]);
    expect(await stack.receive(session)).toEqual(['{"accountId":35,"n":1}']);
  });
});
