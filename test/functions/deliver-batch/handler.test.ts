import { describe, expect, test } from '@jest/globals';
import { Throttled } from '../../../functions/aws/errors.ts';
import { handle } from '../../../functions/deliver-batch/handler.ts';
import { sendsInFlight } from '../../../functions/dispatch/queue-sender.ts';
import { createDeliveryTools, refused, start } from '../../tools/delivery-tools.ts';
import { many, queueOf, session } from '../../tools/indexed-sessions.ts';

const message = { messageId: 'm', sentAt: start - 100, accountId: 1, body: '{"accountId":1}' };
const whole = { from: { query: 0 }, sessions: 3 };

describe('a delivery', () => {
  test('goes to the recipients of its range and to no others', async () => {
    const under = createDeliveryTools();
    under.sessions.push(...many(30), session(2, 'other'));
    const place = (index: number) => {
      const { sessionId = '', route = '' } = under.sessions[index] ?? {};
      return { query: 0, after: { sessionId, route } };
    };
    const delivery = { from: place(9), to: place(19), sessions: 10 };
    expect(await handle(under.tools)({ messages: [message], delivery })).toMatchObject({ sessions: 10, delivered: 10 });
    expect([...under.sqs.queues.keys()].sort()).toEqual(
      many(30)
        .slice(10, 20)
        .map(({ sessionId }) => queueOf(1, sessionId)),
    );
  });

  test('is measured once', async () => {
    const under = createDeliveryTools();
    under.sessions.push(session(1, 'a'), session(1, 'b'));
    await handle(under.tools)({ messages: [message], delivery: whole });
    expect(under.measures.counts).toEqual({ messagesDelivered: 2 });
    expect(under.measures.latencies).toEqual([100, 100]);
    expect(under.measures.published).toBe(1);
  });

  test('fails to be retried when its recipients cannot be read', async () => {
    const under = createDeliveryTools();
    under.faults.find = () => {
      throw new Throttled('dynamodb:Query was throttled');
    };
    await expect(handle(under.tools)({ messages: [message], delivery: whole })).rejects.toMatchObject({
      name: 'Throttled',
    });
    expect(under.sqs.calls).toEqual([]);
  });

  test('names what is left when its time is up', async () => {
    const under = createDeliveryTools();
    under.sessions.push(session(1, 'a'));
    under.sqs.onCall = () => {
      under.clock.now += 7_000;
      return undefined;
    };
    const messages = Array.from({ length: 50 }, (_, index) => ({ ...message, messageId: `m${index}` }));
    expect(await handle(under.tools)({ messages, delivery: whole })).toMatchObject({
      sessions: 1,
      delivered: 30,
      undelivered: [{ messages: '30-49', sessions: [[queueOf(1, 'a'), 'a']], reason: 'OutOfTime' }],
    });
  });

  describe('that there is no time for', () => {
    const deadline = start + 150_000;

    /** Every call takes a second; as many as may be are under way at once. */
    const slowly = () => {
      const under = createDeliveryTools();
      under.sessions.push(...many(100));
      under.sqs.onCall = () => {
        under.clock.now += 1000;
        return undefined;
      };
      return { ...under, run: (input: object) => handle(under.tools)({ messages: [message], ...input }) };
    };
    const delivery = { from: { query: 0 }, sessions: 100 };

    test('has a rest, from which it goes on until nothing is left', async () => {
      const { run, sqs } = slowly();
      const result = await run({ delivery, deadline });
      const { sessionId = '', route = '' } = many(100)[sendsInFlight - 1] ?? {};
      const rest = { from: { query: 0, after: { sessionId, route } }, sessions: 100 - sendsInFlight };
      expect(result).toMatchObject({ sessions: sendsInFlight, delivered: sendsInFlight, undelivered: [], rest });
      const whole = await run({ delivery, deadline, result });
      expect(whole).toEqual({ ...result, sessions: 100, delivered: 100, rest: undefined });
      expect(sqs.calls.map(({ queue }) => queue)).toEqual(many(100).map((each) => queueOf(1, each.sessionId)));
    });

    test('keeps what was not delivered before', async () => {
      const { run, sqs } = slowly();
      sqs.onCall = () => refused('AccessDenied');
      const before = { sessions: 3, delivered: 1, gone: 1, base: 'https://former/', rest: delivery };
      const undelivered = [{ messages: '0', sessions: [['q', 's']], reason: 'A' }];
      expect(await run({ delivery, deadline, result: { ...before, undelivered } })).toMatchObject({
        ...{ sessions: 103, delivered: 1, gone: 1 },
        undelivered: [
          { messages: '0', sessions: [['https://former/q', 's']], reason: 'A' },
          {
            messages: '0',
            sessions: many(100).map((each) => [queueOf(1, each.sessionId), each.sessionId]),
            reason: 'AccessDenied',
          },
        ],
      });
    });

    test('has none when the dispatch has no time either', async () => {
      const { run } = slowly();
      const result = await run({ delivery, deadline: start });
      expect(result).toMatchObject({ sessions: 100, delivered: sendsInFlight, undelivered: [{ reason: 'OutOfTime' }] });
      expect(result).not.toHaveProperty('rest');
    });
  });

  describe('whose recipients were not read before', () => {
    const names = many(100).map(({ sessionId }) => sessionId);
    const messages = [
      ...names.map((sessionId, index) => ({ ...message, messageId: `m${index}`, sessionId })),
      { ...message, messageId: 'm100', sessionId: names[3], userId: 9 },
    ];
    const delivery = { from: { query: 0 }, to: { query: 50 }, sessions: 50, unread: true };

    test('tells which messages are for somebody, and counts the sessions', async () => {
      const under = createDeliveryTools();
      under.sessions.push(...many(100).filter((_, index) => index % 10 === 3));
      expect(await handle(under.tools)({ messages, delivery })).toMatchObject({
        ...{ sessions: 5, delivered: 5 },
        received: '3,13,23,33,43',
      });
      expect(under.measures.counts).toEqual({ sessionsTargeted: 5, messagesDelivered: 5 });
    });

    test('tells that nobody is there', async () => {
      const under = createDeliveryTools();
      expect(await handle(under.tools)({ messages, delivery })).toMatchObject({ sessions: 0, received: '' });
    });

    test('counts each session once when it has a rest', async () => {
      const under = createDeliveryTools();
      under.sessions.push(...many(100));
      under.sqs.onCall = () => {
        under.clock.now += 1000;
        return undefined;
      };
      const whole = { ...delivery, to: { query: 100 }, sessions: 100 };
      const input = { messages, delivery: whole, deadline: start + 150_000 };
      const result = await handle(under.tools)(input);
      const rest = { from: { query: sendsInFlight }, to: { query: 100 }, sessions: 100 - sendsInFlight };
      expect(result).toMatchObject({ sessions: sendsInFlight, received: '0-99', rest });
      expect(await handle(under.tools)({ ...input, result })).toMatchObject({ sessions: 100, received: '0-99' });
      expect(under.measures.counts).toEqual({ sessionsTargeted: 100, messagesDelivered: 100 });
    });
  });

  test('is refused when it is not a range', async () => {
    const { tools } = createDeliveryTools();
    await expect(handle(tools)({ messages: [message], delivery: {} })).rejects.toMatchObject({
      name: 'InvalidRequest',
      field: 'delivery.from',
    });
  });
});
