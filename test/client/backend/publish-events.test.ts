import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { publishLimits } from '../../../client/shared/publish.ts';
import { PublishFailed, type PublishOptions } from '../../../client/backend/backend.ts';
import { broken, FakeService, json, type Sent } from './fake-service.ts';

const bodySchema = z.object({
  events: z.array(z.object({ message: z.looseObject({ n: z.optional(z.number()) }), idempotencyKey: z.string() })),
});
type Event = z.infer<typeof bodySchema>['events'][number];

const eventsOf = ({ body = '' }: Sent): Event[] => bodySchema.parse(JSON.parse(body)).events;

type Result = { readonly status: string; readonly [member: string]: unknown };

/** A service that sends each event once by its key, unless `refuses` has another result for it. */
class FakePublish extends FakeService {
  readonly published: Event[] = [];

  constructor(refuses: (event: Event, call: number) => Result | undefined = () => undefined) {
    super();
    this.replies = Array.from({ length: 100 }, () => (sent: Sent) => this.#publish(sent, refuses));
  }

  #publish(sent: Sent, refuses: (event: Event, call: number) => Result | undefined): Response {
    const results = eventsOf(sent).map((event): Result => {
      const refused = refuses(event, this.sent.length);
      if (refused) return refused;
      const known = this.published.findIndex(({ idempotencyKey }) => idempotencyKey === event.idempotencyKey);
      if (known < 0) this.published.push(event);
      return { status: 'sent', messageId: `m-${known < 0 ? this.published.length - 1 : known}` };
    });
    return json(200, { notTaken: results.filter(({ error }) => error).length, results });
  }

  async publish(messages: readonly (string | { accountId: number })[], options: PublishOptions = {}) {
    return this.client({ streamName: undefined }).publish(messages, options);
  }
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ accountId: 1, n }));
const numbers = (events: readonly Event[]): (number | undefined)[] => events.map(({ message }) => message.n);
const throttled = { status: 'failed', error: 'Throttled', message: 'states:StartSyncExecution was throttled' };

describe('without a stream', () => {
  test('messages go through the API, signed, as they are written', async () => {
    const service = new FakePublish();
    const text = '{ "accountId":-5,"big":12345678901234567890}';
    expect(await service.publish([{ accountId: 1 }, text])).toEqual([{ messageId: 'm-0' }, { messageId: 'm-1' }]);
    const [sent] = service.sent;
    expect(sent?.url.pathname).toBe('/dev/publish');
    expect(sent?.method).toBe('POST');
    expect(sent?.headers.get('authorization')).toContain('/eu-west-1/execute-api/aws4_request');
    expect(sent?.body).toContain(`{"message":${text},"idempotencyKey":"`);
  });

  test('nothing is called for nothing', async () => {
    const service = new FakePublish();
    expect(await service.publish([])).toEqual([]);
    expect(service.sent).toEqual([]);
  });

  test('a call has at most 500 messages, in their order', async () => {
    const service = new FakePublish();
    expect(await service.publish(numbered(1_201))).toHaveLength(1_201);
    expect(service.sent.map((sent) => eventsOf(sent).length)).toEqual([500, 500, 201]);
    expect(numbers(service.published)).toEqual(numbered(1_201).map(({ n }) => n));
  });

  test.each([
    ['x', 70],
    ['"', 40],
    ['é', 12],
  ])('a call has no more than fits, of texts of %s', async (character, count) => {
    const service = new FakePublish();
    await service.publish(Array.from({ length: count }, () => ({ accountId: 1, a: character.repeat(90_000) })));
    expect(service.sent.length).toBeGreaterThan(1);
    for (const { body = '' } of service.sent) {
      const escaped = body.replace(/["\\]/g, '--').replace(/[^ -~]/g, '------');
      expect(escaped.length).toBeLessThanOrEqual(publishLimits.bodyBytes);
    }
    expect(service.published).toHaveLength(count);
  });

  test('a wrong message is refused before any is sent', async () => {
    const service = new FakePublish();
    const wrong = service.publish([{ accountId: 1 }, { accountId: 0.5 }]);
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidRequest', field: 'accountId' });
    expect(service.sent).toEqual([]);
  });
});

describe('a message that failed', () => {
  test('is published again, and it alone', async () => {
    const service = new FakePublish(({ message }, call) => (call === 1 && message.n === 1 ? throttled : undefined));
    expect(await service.publish(numbered(3))).toEqual(['m-0', 'm-2', 'm-1'].map((messageId) => ({ messageId })));
    expect(service.sent.map((sent) => numbers(eventsOf(sent)))).toEqual([[0, 1, 2], [1]]);
    expect(service.waits).toEqual([100]);
  });

  test('ends the call when it fails again and again, which says what is left', async () => {
    const service = new FakePublish(({ message }) => (message.n === 1 ? throttled : undefined));
    const failure = await service.publish(numbered(3)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PublishFailed);
    expect(failure).toMatchObject({
      message: '1 of 3 messages are not published: states:StartSyncExecution was throttled',
      ...{ published: 2, unpublished: [{ accountId: 1, n: 1 }], transient: true, cause: { name: 'Throttled' } },
    });
    expect(service.sent).toHaveLength(5);
  });

  test('is not published again when it was rejected', async () => {
    const rejected = {
      status: 'rejected',
      error: 'InvalidRequest',
      message: 'wrong',
      field: 'events[0].idempotencyKey',
    };
    const service = new FakePublish(({ message }) => (message.n === 0 ? rejected : undefined));
    await expect(service.publish(numbered(2))).rejects.toMatchObject({
      ...{ published: 1, unpublished: [{ accountId: 1, n: 0 }], transient: false },
      cause: { name: 'InvalidRequest', field: 'events[0].idempotencyKey' },
    });
    expect(service.sent).toHaveLength(1);
  });
});

test('a call whose answer is lost is made again with the same keys, so that nothing is sent twice', async () => {
  const service = new FakePublish();
  const [reply] = service.replies;
  service.replies[0] = (sent) => {
    if (typeof reply === 'function') reply(sent);
    return broken('ECONNRESET');
  };
  expect(await service.publish(numbered(2))).toEqual([{ messageId: 'm-0' }, { messageId: 'm-1' }]);
  expect(service.sent).toHaveLength(2);
  expect(service.published).toHaveLength(2);
});

test('an answer of another shape is an error', async () => {
  const service = new FakePublish();
  service.replies = [json(200, { results: [] })];
  await expect(service.publish(numbered(1))).rejects.toMatchObject({ cause: { name: 'UnexpectedAnswer' } });
});

describe('an idempotency key', () => {
  test('of the caller sends a message through the API, also with a stream', async () => {
    const service = new FakePublish();
    const key = (message: object | string, index: number) => `${index}-${JSON.stringify(message)}`;
    await service.client().publish(numbered(2), { idempotencyKey: key });
    expect(service.published.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      numbered(2).map((message, index) => key(message, index)),
    );
  });

  test.each(['', 'x'.repeat(256), '\ud800'])('that is %j is refused before anything is sent', async (key) => {
    const service = new FakePublish();
    const call = service.publish(numbered(1), { idempotencyKey: () => key });
    await expect(call).rejects.toMatchObject({ name: 'InvalidRequest', field: 'idempotencyKey(messages[0])' });
    expect(service.sent).toEqual([]);
  });
});
