import { beforeAll, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { startStack } from '../acceptance/stack.ts';

const letterSchema = z.object({ body: z.string() });

const loggedSchema = z.object({
  messageIds: z.array(z.string()),
  sessions: z.number(),
  delivered: z.number(),
  nobody: z.array(z.string()),
});

/** More than Route Messages sends to by itself, so that Deliver Batch looks the sessions up by their ids. */
const count = 30;

const stack = await startStack();
const { runtime } = stack;
let sessions: readonly Session[];

beforeAll(async () => {
  sessions = await Promise.all(Array.from({ length: count }, (_, index) => stack.create(12, `s${index}`)));
});

const messages = Array.from({ length: count }, (_, index) => JSON.stringify({ accountId: 12, sessionId: `s${index}` }));

test('messages that name many sessions reach each its own', async () => {
  await stack.put(...messages);
  expect(await Promise.all(sessions.map((session) => stack.receive(session)))).toEqual(messages.map((text) => [text]));
});

test('messages that name sessions that are not there are logged as being for nobody', async () => {
  const nobody = { accountId: 12, sessionId: 'nobody' };
  await stack.put(...messages, JSON.stringify(nobody));
  await Promise.all(sessions.map((session) => stack.receive(session)));
  const [line] = runtime.logs.lines.filter(({ text }) => text.includes('MESSAGES_DISPATCHED')).slice(-1);
  const logged = loggedSchema.parse(JSON.parse(line?.text ?? ''));
  expect(logged).toMatchObject({ sessions: count, delivered: count, nobody: logged.messageIds.slice(-1) });
});

test('messages that name many sessions become dead letters for each when they cannot be delivered', async () => {
  const remove = runtime.faults.add({ function: 'DeliverBatch', when: 'before', error: 'killed' });
  await stack.put(...messages);
  remove();
  const dead = await stack.drain(runtime.outputs['UndeliveredQueueUrl'] ?? '');
  const bodies = dead.map(({ Body: body = '' }) => letterSchema.parse(JSON.parse(body)).body);
  expect(bodies.sort()).toEqual([...messages].sort());
});
