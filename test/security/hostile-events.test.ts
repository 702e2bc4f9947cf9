import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { ServiceHarness } from '../lifecycle/service-harness.ts';
import { bodies, inbox } from './hostile-requests.ts';
import { request } from '../tools/worst-case.ts';
import { hostileRuns, text, tryHostile } from './hostile-texts.ts';
import { emptyQueue, messageIdOf } from './inbox.ts';

const harness = await ServiceHarness.start();
afterAll(() => harness[Symbol.asyncDispose]());

const other = await harness.create(918_273_645, 'inbox');
const { body: own } = await harness.call<typeof other>(`/create/${inbox.accountId}/${inbox.sessionId}/${inbox.userId}`);

const answerSchema = z.object({
  notTaken: z.number(),
  results: z.array(
    z.union([
      z.strictObject({ status: z.enum(['sent', 'queued']), messageId: z.string() }),
      z.strictObject({
        status: z.literal('rejected'),
        error: z.enum(['InvalidRequest', 'MessageTooLarge']),
        message: z.string().check(z.minLength(1)),
        field: z.optional(z.string()),
        bytes: z.optional(z.number()),
        limit: z.optional(z.number()),
      }),
    ]),
  ),
});

const isJson = (body: string): boolean => {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
};

/** The texts of messages: such as are right but for what else is in them, and anything. */
const messageText = fc.oneof(
  fc
    .dictionary(
      text.filter((name) => !name.endsWith('\\')),
      fc.jsonValue(),
      { maxKeys: 3 },
    )
    .map((members) =>
      JSON.stringify({ ...members, accountId: inbox.accountId, sessionId: undefined, userId: undefined }),
    ),
  fc.constantFrom(...bodies.filter(isJson)),
);

const eventText = fc.oneof(
  messageText.map((message) => `{"message":${message}}`),
  fc
    .tuple(messageText, text)
    .map(([message, key]) => `{ "idempotencyKey" : ${JSON.stringify(key)} , "message" : ${message}\n}`),
  fc.tuple(text, messageText).map(([name, message]) => `{"message":${message},${JSON.stringify(name)}:${message}}`),
  fc.constantFrom('null', '[]', '5', '{}', '{"message":null}', '{"message":[]}', '{"__proto__":{"message":{}}}'),
);

test('every event is sent as it was written or rejected, and the others are not touched by it', async () => {
  let sent = 0;
  await tryHostile(eventText, { inputs: Math.ceil(hostileRuns * 0.3), atOnce: 24 }, async (events) => {
    const response = await request(() =>
      fetch(`${harness.runtime.url}/publish`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: `{"events":[${events.join(',')}]}`,
      }),
    );
    expect([response.status, events]).toEqual([200, events]);
    const { results } = answerSchema.parse(await response.json());
    expect(results).toHaveLength(events.length);
    const arrived = await emptyQueue(harness, own.sqsUrl);
    for (const message of arrived) {
      const position = results.findIndex(
        (result) => 'messageId' in result && result.messageId === messageIdOf(message),
      );
      // U+FFFE and the like are escaped, which is the same JSON.
      expect(JSON.stringify(events[position]?.toWellFormed())).toContain(
        JSON.stringify(
          (message.Body ?? '').replace(/\\u(fff[ef])/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
        ).slice(1, -1),
      );
    }
    sent += arrived.length;
  });
  expect(sent).toBeGreaterThan(0);
  expect(await emptyQueue(harness, other.sqsUrl)).toEqual([]);
}, 600_000);
