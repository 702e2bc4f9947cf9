import { beforeEach, describe, expect, test } from '@jest/globals';
import { Throttled, UpstreamUnavailable } from '../../../functions/aws/errors.ts';
import type { Message } from '../../../functions/dispatch/message.ts';
import { start } from '../../tools/delivery-tools.ts';
import { createPublishing, event } from './publishing.ts';
import { randomText } from '../../tools/random-text.ts';

let under: ReturnType<typeof createPublishing>;

beforeEach(() => {
  under = createPublishing();
});

const bodies = (messages: readonly Message[] = []): unknown[] =>
  messages.map((message) => ('body' in message ? message.body : 'offloaded'));

const large = { text: 'x'.repeat(60_000) };

describe('a publish call', () => {
  test('dispatches its events at once, and answers each with its id', async () => {
    expect(await under.publish(event({ n: 1 }), event({ userId: 7 }), event({ accountId: 2, sessionId: 's' }))).toEqual(
      {
        notTaken: 0,
        results: [0, 1, 2].map((position) => ({ status: 'sent', messageId: `call-1-${position}` })),
      },
    );
    expect(under.dispatches).toEqual([
      [
        { messageId: 'call-1-0', sentAt: start, accountId: 1, body: '{"accountId":1,"n":1}' },
        { messageId: 'call-1-1', sentAt: start, accountId: 1, userId: 7, body: '{"accountId":1,"userId":7}' },
        { messageId: 'call-1-2', sentAt: start, accountId: 2, sessionId: 's', body: '{"accountId":2,"sessionId":"s"}' },
      ],
    ]);
    expect(under.waits).toMatchObject([{ answerBy: start + 20_000 }]);
  });

  test('rejects a wrong event by itself', async () => {
    expect(await under.publish(event({ n: 1 }), { message: {} }, event({ n: 2 }))).toMatchObject({
      notTaken: 1,
      results: [
        { status: 'sent', messageId: 'call-1-0' },
        { status: 'rejected', error: 'InvalidRequest', field: 'events[1].message.accountId' },
        { status: 'sent', messageId: 'call-1-2' },
      ],
    });
    expect(under.dispatches).toHaveLength(1);
  });

  test('dispatches nothing when all are wrong', async () => {
    expect(await under.publish(5, {})).toMatchObject({ notTaken: 2 });
    expect(under.dispatches).toEqual([]);
  });

  test('asks for no keys without any', async () => {
    under.keys.before.run = () => {
      throw new Error('asked');
    };
    expect(await under.publish(event({}))).toMatchObject({ notTaken: 0 });
  });

  test('offloads a large message before it dispatches it', async () => {
    const message = { accountId: 1, text: randomText(150_000) };
    under.machine.run = () => {
      expect([...under.bodies]).toEqual([['call-1-0', JSON.stringify(message)]]);
      return undefined;
    };
    await under.publish({ message });
    expect(bodies(under.dispatches[0])).toEqual(['offloaded']);
  });

  test("sends an account's events in order, batch after batch", async () => {
    const order: string[] = [];
    under.machine.run = async (messages) => {
      order.push(`${messages[0]?.messageId ?? ''} begins`);
      await new Promise(setImmediate);
      order.push(`${messages[0]?.messageId ?? ''} ends`);
      return undefined;
    };
    await under.publish(event(large), event(large));
    expect(order).toEqual(['call-1-0 begins', 'call-1-0 ends', 'call-1-1 begins', 'call-1-1 ends']);
  });

  test('answers queued for events whose last sessions get them later', async () => {
    under.machine.run = () => ({ continued: true });
    expect(await under.publish(event({}))).toEqual({
      notTaken: 0,
      results: [{ status: 'queued', messageId: 'call-1-0' }],
    });
  });

  test('sends no more events of an account once the time is up', async () => {
    under.machine.run = () => {
      under.clock.now += 21_000;
      return { continued: true };
    };
    expect(await under.publish(event(large), event(large))).toMatchObject({
      notTaken: 1,
      results: [{ status: 'queued' }, { status: 'failed', error: 'TimedOut' }],
    });
    expect(under.dispatches).toHaveLength(1);
  });

  test('answers failed for events whose dispatch fails, and for those behind them, and sends the others', async () => {
    under.machine.run = (messages) => {
      if (messages[0]?.accountId === 1) throw new Throttled('states:StartSyncExecution was throttled');
      return undefined;
    };
    const other = (accountId: number) => ({ message: { accountId, text: 'x'.repeat(90_000) } });
    expect(await under.publish(other(1), other(1), other(2), other(3))).toMatchObject({
      notTaken: 2,
      results: [
        { status: 'failed', error: 'Throttled', message: 'states:StartSyncExecution was throttled' },
        { status: 'failed', error: 'Throttled' },
        { status: 'sent' },
        { status: 'sent' },
      ],
    });
  });

  test('says nothing of the inside of a defect', async () => {
    under.machine.run = () => {
      throw new TypeError('arn:aws:secret');
    };
    expect((await under.publish(event({}))).results).toEqual([
      { status: 'failed', error: 'UpstreamFailed', message: 'The service failed' },
    ]);
  });

  test('is logged by the ids of its messages, and counted by those that were taken', async () => {
    under.machine.run = (messages) => {
      if (messages[0]?.accountId === 2) throw new UpstreamUnavailable('The dispatch ended as FAILED');
      return undefined;
    };
    await under.publish(
      { message: { accountId: 1, text: 'x'.repeat(90_000) } },
      { message: { accountId: 2, text: 'x'.repeat(90_000) } },
      5,
    );
    expect(under.log.lines).toEqual([
      { level: 'info', code: 'EVENTS_PUBLISHED', fields: { messageIds: ['call-1-0'], queued: 0 } },
      {
        level: 'error',
        code: 'EVENTS_NOT_SENT',
        fields: { messageIds: ['call-1-1'], reason: 'The dispatch ended as FAILED' },
      },
    ]);
    expect(under.measures.counts).toEqual({ messagesReceived: 1 });
    expect(under.measures.published).toBe(1);
  });
});

describe('an event with an idempotency key', () => {
  test('is sent once in five minutes, and a repeat is answered as the first', async () => {
    const first = await under.publish(event({ n: 1 }, 'k'), event({ n: 2 }));
    under.clock.now += 299_000;
    expect((await under.publish(event({ n: 1 }, 'k'))).results).toEqual([first.results[0]]);
    expect(under.dispatches).toHaveLength(1);
    under.clock.now += 2_000;
    expect((await under.publish(event({ n: 1 }, 'k'))).results).toEqual([{ status: 'sent', messageId: 'call-3-0' }]);
  });

  test('of which two are published at once is sent once, and both are answered alike', async () => {
    const [first, second] = await Promise.all([under.publish(event({}, 'k')), under.publish(event({}, 'k'))]);
    expect(under.dispatches).toHaveLength(1);
    expect(second).toEqual(first);
  });

  test('that is twice in a call is sent once', async () => {
    expect((await under.publish(event({}, 'k'), event({}, 'k'))).results).toEqual([
      { status: 'sent', messageId: 'call-1-0' },
      { status: 'sent', messageId: 'call-1-0' },
    ]);
    expect(under.dispatches.flat()).toHaveLength(1);
  });

  test.each(['in the same call', 'in another call'])(
    'is rejected when another message had its key %s',
    async (where) => {
      const wrong = { status: 'rejected', error: 'InvalidRequest' };
      if (where === 'in the same call') {
        const { results } = await under.publish(event({ n: 1 }, 'k'), event({ n: 2 }, 'k'));
        expect(results).toMatchObject([{ status: 'sent' }, { ...wrong, field: 'events[1].idempotencyKey' }]);
      } else {
        await under.publish(event({ n: 1 }, 'k'));
        const { results } = await under.publish(event({ n: 2 }, 'k'));
        expect(results).toMatchObject([{ ...wrong, field: 'events[0].idempotencyKey' }]);
      }
      expect(under.dispatches.flat()).toHaveLength(1);
    },
  );

  test('that failed is sent by the next call, under the same id', async () => {
    under.machine.run = () => {
      throw new UpstreamUnavailable('x');
    };
    expect(await under.publish(event({}, 'k'))).toMatchObject({ results: [{ status: 'failed' }] });
    under.machine.run = () => undefined;
    const sent = [{ status: 'sent', messageId: 'call-1-0' }];
    expect((await under.publish(event({}, 'k'))).results).toEqual(sent);
    expect((await under.publish(event({}, 'k'))).results).toEqual(sent);
    expect(under.dispatches).toHaveLength(2);
  });

  test('of a call that was killed is sent by a call after it, under the same id', async () => {
    const killed = { call: 'killed', callEnds: start + 35_000, position: 4, messageId: 'killed-4' };
    await under.publish(event({}, 'other'));
    const { fingerprint } = under.keys.claims.get('other')?.claim ?? { fingerprint: '' };
    under.keys.claims.set('k', { claim: { ...killed, fingerprint }, expires: start + 300_000 });
    const early = await under.publish(event({}, 'k'));
    expect(early.results).toMatchObject([{ status: 'failed', error: 'TimedOut' }]);
    under.clock.now = start + 35_001;
    expect((await under.publish(event({}, 'k'))).results).toEqual([{ status: 'sent', messageId: 'killed-4' }]);
  });

  test('that was queued is answered so again', async () => {
    under.machine.run = () => ({ continued: true });
    const first = await under.publish(event({}, 'k'));
    expect(first.results).toMatchObject([{ status: 'queued' }]);
    expect(await under.publish(event({}, 'k'))).toEqual(first);
  });

  test('is not sent when its key cannot be claimed', async () => {
    under.keys.before.run = (call) => {
      if (call === 'claim') throw new Throttled('dynamodb:PutItem was throttled');
    };
    expect((await under.publish(event({}, 'k'))).results).toEqual([
      { status: 'failed', error: 'Throttled', message: 'dynamodb:PutItem was throttled' },
    ]);
    expect(under.dispatches).toEqual([]);
  });

  test('is answered as sent, and logged, when that cannot be recorded', async () => {
    under.keys.before.run = (call) => {
      if (call === 'putOutcome') throw new UpstreamUnavailable('dynamodb:PutItem did not answer: 500');
    };
    expect(await under.publish(event({}, 'k'))).toMatchObject({ notTaken: 0 });
    expect(under.log.lines).toContainEqual({
      level: 'error',
      code: 'OUTCOME_NOT_RECORDED',
      fields: { call: 'call-1', reason: 'dynamodb:PutItem did not answer: 500' },
    });
  });
});
