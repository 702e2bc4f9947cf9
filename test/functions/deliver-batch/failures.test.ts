import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AwsFault } from '../../fakes/aws-server.ts';
import { bodiesOf, messages, startDelivering, whole } from './delivering.ts';

let under: Awaited<ReturnType<typeof startDelivering>>;

beforeEach(async () => {
  under = await startDelivering();
});

afterEach(() => under.server.stop());

describe('a delivery that meets failures', () => {
  test('sends only the failed entries again, after a delay', async () => {
    const all = messages(10);
    under.sqs.onEntry = (_, body, attempt) =>
      attempt < 3 && body.includes('"n":4') ? { code: 'InternalError', senderFault: false } : undefined;
    expect(await under.deliver(all, [{ messages: '0-9', sessions: [['q', 's']] }])).toEqual(whole(1, 10));
    expect(under.sqs.batches.map(({ entries }) => entries)).toEqual([10, 1, 1]);
    expect(under.delays).toEqual([50, 100]);
  });

  test('settles a batch before it sends the next', async () => {
    const all = messages(25);
    under.sqs.onEntry = (_, body, attempt) =>
      attempt === 1 && body.includes('"n":4') ? { code: 'InternalError', senderFault: false } : undefined;
    await under.deliver(all, [{ messages: '0-24', sessions: [['q', 's']] }]);
    const numbers = under.sqs.bodies('q').map((body) => (JSON.parse(body) as { n: number }).n);
    expect(numbers).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 4, ...Array.from({ length: 15 }, (_, index) => index + 10)]);
  });

  test.each<[string, () => Error]>([
    ['a failure of SQS', () => new AwsFault('InternalFailure', 503)],
    ['throttling', () => new AwsFault('RequestThrottled')],
  ])('gets over %s', async (_, fault) => {
    under.sqs.onBatch = (_queue, attempt) => {
      if (attempt <= 3) throw fault();
    };
    expect(await under.deliver(messages(2), [{ messages: '0-1', sessions: [['q', 's']] }])).toEqual(whole(1, 2));
    expect(under.delays).toEqual([50, 100, 200]);
  });

  test('answers what failed four times with everything after it, so that order is kept', async () => {
    under.sqs.onBatch = (queue, attempt) => {
      if (queue === 'bad' && attempt > 1) throw new AwsFault('InternalFailure', 500);
    };
    const result = await under.deliver(messages(30), [
      {
        messages: '0-29',
        sessions: [
          ['bad', 's1'],
          ['good', 's2'],
        ],
      },
    ]);
    expect(result).toEqual({
      ...whole(2, 40),
      undelivered: [
        { messages: '10-29', sessions: [['bad', 's1']], reason: 'sqs:SendMessage did not answer: InternalFailure' },
      ],
    });
    expect(under.sqs.batches.filter(({ queue }) => queue === 'bad')).toHaveLength(5);
    expect(under.log.lines).toEqual([
      {
        level: 'warn',
        code: 'MESSAGES_UNDELIVERED',
        fields: { messages: '10-29', sessions: 1, reason: 'sqs:SendMessage did not answer: InternalFailure' },
      },
    ]);
  });

  test('does not repeat what SQS refuses for good', async () => {
    under.sqs.onBatch = () => {
      throw new AwsFault('AccessDenied', 403);
    };
    const result = await under.deliver(messages(2), [
      {
        messages: '0-1',
        sessions: [
          ['q1', 's1'],
          ['q2', 's2'],
        ],
      },
    ]);
    expect(result.undelivered).toEqual([
      {
        messages: '0-1',
        sessions: expect.arrayContaining([
          ['q1', 's1'],
          ['q2', 's2'],
        ]) as unknown,
        reason: 'sqs:SendMessage was refused: AccessDenied',
      },
    ]);
    expect(under.sqs.batches).toHaveLength(2);
    expect(JSON.stringify(result)).not.toContain('arn:');
  });

  test('leaves out an entry that is at fault itself', async () => {
    const all = messages(12);
    under.sqs.onEntry = (_, body) =>
      body.includes('"n":3}') ? { code: 'InvalidMessageContents', senderFault: true } : undefined;
    const result = await under.deliver(all, [{ messages: '0-11', sessions: [['q', 's']] }]);
    expect(result).toEqual({
      ...whole(1, 11),
      undelivered: [{ messages: '3', sessions: [['q', 's']], reason: 'InvalidMessageContents' }],
    });
    expect(under.sqs.bodies('q')).toEqual(bodiesOf(all.filter((_, index) => index !== 3)));
    expect(under.delays).toEqual([]);
  });

  test('counts a queue that is gone, which is no error', async () => {
    under.sqs.deleted.add('gone');
    const result = await under.deliver(messages(25), [
      {
        messages: '0-24',
        sessions: [
          ['gone', 's1'],
          ['q', 's2'],
        ],
      },
    ]);
    expect(result).toEqual({ ...whole(2, 25), gone: 1 });
    expect(under.sqs.batches.filter(({ queue }) => queue === 'gone')).toHaveLength(1);
  });

  test('counts a queue that vanishes between two batches', async () => {
    under.sqs.onBatch = (_, attempt) => {
      if (attempt === 2) throw new AwsFault('QueueDoesNotExist');
    };
    expect(await under.deliver(messages(25), [{ messages: '0-24', sessions: [['q', 's']] }])).toEqual({
      ...whole(1, 10),
      gone: 1,
    });
  });

  test('answers the rest as undelivered when the time is up', async () => {
    under.sqs.onBatch = () => {
      under.clock.now += 7_000;
    };
    const result = await under.deliver(messages(50), [{ messages: '0-49', sessions: [['q', 's']] }]);
    expect(result).toEqual({
      ...whole(1, 30),
      undelivered: [{ messages: '30-49', sessions: [['q', 's']], reason: 'OutOfTime' }],
    });
  });

  test('accounts for every message of every session, whatever fails', async () => {
    const fault = fc.constantFrom('none', 'none', 'none', 'lost', 'throttled', 'denied', 'gone', 'entry', 'own fault');
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 30 }), fc.integer({ min: 1, max: 35 }), async (faults, count) => {
        under.sqs.queues.clear();
        const left = [...faults];
        under.sqs.onBatch = () => {
          const next = left.shift();
          if (next === 'lost') throw new AwsFault('InternalFailure', 500);
          if (next === 'throttled') throw new AwsFault('RequestThrottled');
          if (next === 'denied') throw new AwsFault('AccessDenied', 403);
          if (next === 'gone') throw new AwsFault('QueueDoesNotExist');
        };
        under.sqs.onEntry = () =>
          left[0] === 'entry' || left[0] === 'own fault'
            ? { code: 'X', senderFault: left.shift() === 'own fault' }
            : undefined;
        const all = messages(count);
        const sessions = ['a', 'b', 'c'].map((queue) => [queue, queue] as const);
        const result = await under.deliver(all, [{ messages: count > 1 ? `0-${count - 1}` : '0', sessions }]);
        const accepted = ['a', 'b', 'c'].flatMap((queue) => under.sqs.bodies(queue));
        expect(result.delivered).toBe(accepted.length);
        expect(result.sessions).toBe(3);
        const deadLettered = result.undelivered.reduce((sum, { messages: ranges, sessions: some }) => {
          const numbers = ranges.split(',').map((range) => range.split('-').map(Number));
          return sum + some.length * numbers.reduce((total, [from = 0, to = from]) => total + to - from + 1, 0);
        }, 0);
        if (result.gone === 0) expect(accepted.length + deadLettered).toBe(3 * count);
      }),
      { numRuns: 60 },
    );
  });
});
