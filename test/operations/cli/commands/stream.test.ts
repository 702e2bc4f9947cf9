import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { settle } from '../../../tools/worst-case.ts';
import { startAnnounced } from '../command-line.ts';

const { service, run } = await startAnnounced();

const sessionSchema = z.array(z.object({ queueUrl: z.string(), queue: z.object({ waiting: z.int() }) }));

const sessionOf = async (account: number) => {
  const { lines } = await run(['sessions', '--account', String(account), '--json']);
  const [session] = sessionSchema.parse(JSON.parse(lines[0] ?? ''));
  return { queueUrl: session?.queueUrl, waiting: session?.queue.waiting };
};

const publishTwo = (account: number) =>
  run(['publish'], { input: [1, 2].map((n) => JSON.stringify({ accountId: account, n })) });

const receivedSchema = z.object({
  Messages: z.array(z.object({ MessageAttributes: z.object({ messageId: z.object({ StringValue: z.string() }) }) })),
});

test('pausing keeps records on the stream, and resuming delivers them', async () => {
  await run(['create', '1', 'abc']);
  settle(service.clock);
  expect(await run(['stream', 'pause'])).toMatchObject({
    code: 0,
    lines: [expect.stringMatching(/^reader {5}Disabled, /)],
  });
  await publishTwo(1);
  await service.idle();
  expect((await sessionOf(1)).waiting).toBe(0);
  const { code, lines } = await run(['doctor']);
  expect(code).toBe(1);
  expect(lines).toContain('✘ stream reader: The router does not read the stream: Disabled');
  expect(lines).toContain('  sqs-browser stream resume, unless somebody paused it on purpose.');

  expect(await run(['stream', 'resume'])).toMatchObject({ lines: [expect.stringMatching(/^reader {5}Enabled, /)] });
  await service.idle();
  expect((await sessionOf(1)).waiting).toBe(2);
  expect((await run(['stream', 'status'])).lines).toEqual([
    `stream     ${service.outputs['EventStreamName'] ?? ''}`,
    'status     ACTIVE, 1 shard',
    'keeps      records for 24 h',
    'reader     Enabled, OK',
  ]);
});

test('a replay dispatches what the stream still has of a range of time, under the same ids', async () => {
  await run(['create', '2', 'abc']);
  settle(service.clock);
  await publishTwo(2);
  await service.idle();
  const dry = await run(['stream', 'replay', '--since', '1h', '--dry-run']);
  expect(dry).toMatchObject({ code: 0, lines: [expect.stringMatching(/^[24] messages would be dispatched$/)] });
  expect(await run(['stream', 'replay', '--since', '2h', '--until', '1h'])).toMatchObject({
    lines: ['0 messages dispatched'],
  });
  expect(await run(['stream', 'replay', '--since', '1h', '--until', '2h'])).toMatchObject({
    ...{ code: 2, lines: [] },
    notes: expect.arrayContaining([expect.stringMatching(/^error: --until must be a shorter time ago than --since/)]),
  });
  expect((await sessionOf(2)).waiting).toBe(2);
  expect(await run(['stream', 'replay', '--since', '1h'])).toMatchObject({ code: 0 });
  const { queueUrl, waiting } = await sessionOf(2);
  expect(waiting).toBe(4);
  const received = await service.ask('sqs', 'ReceiveMessage', {
    ...{ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] },
  });
  const ids = receivedSchema.parse(received).Messages.map((each) => each.MessageAttributes.messageId.StringValue);
  expect([ids.length, new Set(ids).size]).toEqual([4, 2]);
});
