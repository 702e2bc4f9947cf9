/** What `trace` says of every fate that a message can have. */
import { afterEach, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { AwsError } from 'aws-template-emulator';
import { request, settle } from '../../../tools/worst-case.ts';
import { startAnnounced } from '../command-line.ts';

const { service, run } = await startAnnounced();

const undo: (() => void)[] = [];
afterEach(() => {
  for (const remove of undo.splice(0)) remove();
});

const fault = (...faults: Parameters<typeof service.faults.add>): void => void undo.push(service.faults.add(...faults));

const session = async (accountId: number, sessionId = 'abc'): Promise<void> => {
  expect(await run(['create', String(accountId), sessionId])).toMatchObject({ code: 0 });
};

const putSchema = z.object({ SequenceNumber: z.string(), ShardId: z.string() });

/** Puts a record on the stream. Returns the id by which it is traced. */
const put = async (text: string): Promise<string> => {
  const answer = await service.ask('kinesis', 'PutRecord', {
    StreamName: service.outputs['EventStreamName'],
    Data: Buffer.from(text).toString('base64'),
    PartitionKey: 'k',
  });
  const { ShardId, SequenceNumber } = putSchema.parse(answer);
  return `${ShardId}:${SequenceNumber}`;
};

const notifiedSchema = z.object({ messageId: z.string() });

const notify = async (accountId: number): Promise<string> => {
  const { lines } = await run(['notify', String(accountId), '{"msg":"Hello"}', '--json']);
  return notifiedSchema.parse(JSON.parse(lines[0] ?? '')).messageId;
};

/** The lines of `trace` without their times. */
const trace = async (messageId: string): Promise<{ code: number; lines: string[] }> => {
  const { code, lines } = await run(['trace', messageId]);
  return { code, lines: lines.map((line) => line.replace(/^(\d{4}-\S+ \S+|-) {2}/, '')) };
};

const fate = (messageId: string, name: string): string => `${messageId}: ${name}`;

/** The last line, which says what to do. */
const next = ({ source }: RegExp): unknown => expect.stringMatching(new RegExp(`^Next: .*${source}`));

const theRun = expect.stringMatching(/^dispatch: It went into the run arn:aws:states:.*:express:.*-dispatch:.*\.$/);

const cameIn = (bytes: number): string => `stream: It came in by the stream, partition key k, ${bytes} bytes.`;

test('a message of notify that was delivered', async () => {
  await session(1);
  const id = await notify(1);
  expect(await trace(id)).toEqual({
    code: 0,
    lines: [
      fate(id, 'delivered'),
      theRun,
      'route-messages: Its dispatch found 1 session: 1 delivered, 0 dead-lettered.',
      next(/sqs-browser sessions --account <accountId> shows what waits/),
    ],
  });
});

test('a record that was delivered has the same id from the stream to the queue', async () => {
  await session(2);
  const id = await put('{"accountId":2}');
  await service.idle();
  expect(await trace(id)).toEqual({
    code: 0,
    lines: [
      fate(id, 'delivered'),
      cameIn(15),
      theRun,
      'route-messages: Its dispatch found 1 session: 1 delivered, 0 dead-lettered.',
      next(/sqs-browser sessions --account <accountId> shows what waits/),
    ],
  });
  const { lines } = await run(['sessions', '--account', '2', '--json']);
  const [{ queueUrl } = { queueUrl: '' }] = z
    .array(z.object({ queueUrl: z.string() }))
    .parse(JSON.parse(lines[0] ?? ''));
  const received = await service.ask('sqs', 'ReceiveMessage', { QueueUrl: queueUrl, MessageAttributeNames: ['All'] });
  expect(received).toMatchObject({ Messages: [{ MessageAttributes: { messageId: { StringValue: id } } }] });
});

test('a message that was addressed to nobody', async () => {
  const id = await notify(404);
  expect(await trace(id)).toEqual({
    code: 0,
    lines: [
      fate(id, 'addressed to nobody'),
      theRun,
      'route-messages: It was addressed to nobody: no session of its account matched.',
      next(/which sessions there are \(sqs-browser sessions --account <accountId>\), and send it again/),
    ],
  });
});

test('a message whose session had ended a moment before', async () => {
  await session(3);
  const { lines } = await run(['sessions', '--account', '3', '--json']);
  const [{ queueUrl } = { queueUrl: '' }] = z
    .array(z.object({ queueUrl: z.string() }))
    .parse(JSON.parse(lines[0] ?? ''));
  settle(service.clock);
  await service.ask('sqs', 'DeleteQueue', { QueueUrl: queueUrl });
  // The queue of a session that is new may not be there yet, so its messages are kept.
  service.clock.advance(60_000);
  const id = await notify(3);
  const { lines: traced } = await trace(id);
  expect([traced[0], traced.at(-1)]).toEqual([fate(id, 'its sessions had ended'), next(/whether there are new ones/)]);
});

test('a message that was dead-lettered, with the reason and the sessions; and after it was put back', async () => {
  await session(4);
  fault({ call: 'sqs:SendMessageBatch', when: 'before', error: { name: 'AccessDenied', message: 'no' }, times: 1 });
  const id = await notify(4);
  const { code, lines } = await trace(id);
  expect({ code, first: lines[0] }).toEqual({ code: 0, first: fate(id, 'dead-lettered') });
  expect(lines).toContain('route-messages: 1 session did not take it: sqs:SendMessage was refused: AccessDenied.');
  expect(lines).toContain(
    'undelivered: It waits in the undelivered queue for 1 session (abc): sqs:SendMessage was refused: AccessDenied.',
  );
  const command = `dead-letters redrive --from undelivered --id ${id}`;
  expect(lines.at(-1)).toBe(`Next: When the cause is gone: sqs-browser ${command}`);
  expect(await run(command.split(' '))).toMatchObject({ code: 0 });
  expect((await trace(id)).lines[0]).toBe(fate(id, 'delivered'));
});

test('a record that was rejected', async () => {
  const id = await put('no message');
  await service.idle();
  const { code, lines } = await trace(id);
  expect({ code, lines: lines.slice(0, 3) }).toEqual({
    code: 0,
    lines: [
      fate(id, 'rejected'),
      cameIn(10),
      expect.stringMatching(/^rejected: It waits in the rejected queue: record /),
    ],
  });
  expect(lines).toContain('router: The router rejected it: InvalidRequest.');
  expect(lines.at(-1)).toEqual(next(/Correct the producer.*sqs-browser dead-letters discard --from rejected$/));
});

test('a record in a batch that failed, until it is put back', async () => {
  await session(5);
  fault({ function: 'Router', when: 'before', error: 'killed' });
  const id = await put('{"accountId":5}');
  await service.idle();
  expect(await trace(id)).toEqual({
    code: 0,
    lines: [
      fate(id, 'in a failed batch'),
      cameIn(15),
      expect.stringMatching(/^failed-batches: Its batch is in the bucket of failed batches: RetryAttemptsExhausted\.$/),
      next(/sqs-browser dead-letters redrive --from failed-batches --id shardId-.* puts its batch back/),
    ],
  });
  for (const remove of undo.splice(0)) remove();
  expect(await run(['dead-letters', 'redrive', '--from', 'failed-batches'])).toMatchObject({ code: 0 });
  expect((await trace(id)).lines[0]).toBe(fate(id, 'delivered'));
});

test('records that are on the stream and not settled yet', async () => {
  await session(6);
  const [reached, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  undo.push(
    service.interceptors.add('before', 'states:StartSyncExecution', async () => {
      reached.resolve(undefined);
      await held.promise;
    }),
  );
  const ids = [await put('{"accountId":6}')];
  await reached.promise;
  ids.push(await put('{"accountId":6}'));
  for (const id of ids) {
    const { lines } = await trace(id);
    expect([lines[0], lines.at(-1)]).toEqual([fate(id, 'on the stream'), next(/sqs-browser stream status$/)]);
  }
  held.resolve(undefined);
  await service.idle();
  for (const id of ids) expect((await trace(id)).lines[0]).toBe(fate(id, 'delivered'));
});

test('a record whose batch is being tried again, and one behind it', async () => {
  await session(7);
  const [secondAttempt, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const behind = Promise.withResolvers<string>();
  let attempts = 0;
  undo.push(
    service.interceptors.add('before', 'states:StartSyncExecution', async () => {
      attempts += 1;
      if (attempts === 1) {
        behind.resolve(await put('{"accountId":7}'));
        throw new AwsError('ServiceUnavailable', 'Try again');
      }
      secondAttempt.resolve(undefined);
      await held.promise;
    }),
  );
  const id = await put('{"accountId":7}');
  await secondAttempt.promise;
  expect((await trace(id)).lines[0]).toBe(fate(id, 'being tried again'));
  const second = await behind.promise;
  const { lines } = await trace(second);
  expect(lines[0]).toBe(fate(second, 'being tried again'));
  expect(lines.at(-1)).toEqual(next(/Wait: within an hour .* --grep BATCH_NOT_DONE$/));
  expect(lines.join('\n')).toContain(`router: Its shard was held up by the record ${id}, and comes again`);
  held.resolve(undefined);
  await service.idle();
  for (const each of [id, second]) expect((await trace(each)).lines[0]).toBe(fate(each, 'delivered'));
});

test('an id that nobody knows', async () => {
  const id = 'shardId-000000000000:49590338271490256608559692538361571095921575989136588898';
  expect(await trace(id)).toEqual({
    code: 1,
    lines: [fate(id, 'unknown'), 'Neither the logs nor the stream know it.', next(/try a longer --since/)],
  });
});

const publishedSchema = z.object({ results: z.array(z.looseObject({ messageId: z.optional(z.string()) })) });

test('a message of a publish call that was not sent', async () => {
  await session(12);
  const event = { message: { accountId: 12 }, idempotencyKey: 'traced' };
  const publish = async (): Promise<string> => {
    const response = await request(() =>
      fetch(`${service.url}/publish`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ events: [event] }),
      }),
    );
    return publishedSchema.parse(await response.json()).results[0]?.messageId ?? '';
  };
  const error = { name: 'ThrottlingException', message: 'Rate exceeded' };
  const remove = service.faults.add({ call: 'states:StartSyncExecution', function: 'Publish', when: 'before', error });
  await publish();
  remove();
  const id = await publish();
  const { code, lines } = await trace(id);
  expect({ code, lines: lines.slice(0, 3) }).toEqual({
    code: 0,
    lines: [
      fate(id, 'delivered'),
      'publish: Its publish call could not have it dispatched, and said so: states:StartSyncExecution was throttled.',
      theRun,
    ],
  });
  // Both may be in the same millisecond.
  expect(lines.slice(3, -1).sort()).toEqual([
    'publish: Its publish call had it dispatched.',
    'route-messages: Its dispatch found 1 session: 1 delivered, 0 dead-lettered.',
  ]);
});
