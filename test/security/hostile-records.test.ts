import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { ServiceHarness } from '../lifecycle/service-harness.ts';
import type { HostileRecord } from './hostile-records.ts';
import { destinationOf, hostileRecord } from './hostile-records.ts';
import { inbox } from './hostile-requests.ts';
import { hostileRuns, tryHostile } from './hostile-texts.ts';
import { emptyQueue, messageIdOf } from './inbox.ts';

const accountSchema = z.looseObject({ accountId: z.number() });

const harness = await ServiceHarness.start();
const { runtime } = harness;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const kinesis = new KinesisClient({ endpoint: runtime.url, region: 'us-east-1', credentials });
afterAll(async () => {
  kinesis.destroy();
  await harness[Symbol.asyncDispose]();
});

// Neighbours that no input may reach.
const other = await harness.create(6, 'inbox');
const { body: own } = await harness.call<Session>(`/create/${inbox.accountId}/${inbox.sessionId}/${inbox.userId}`);

/** The other inputs are requests. */
const runs = Math.ceil(hostileRuns * 0.7);

/** Puts them on the stream; their ids, in order. */
const put = async (records: readonly HostileRecord[]): Promise<readonly string[]> => {
  const { Records: results = [] } = await kinesis.send(
    new PutRecordsCommand({
      StreamName: runtime.outputs['EventStreamName'],
      Records: records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
    }),
  );
  await runtime.idle();
  return results.map(({ ShardId: shard, SequenceNumber: sequence }) => `${shard}:${sequence}`);
};

interface Rejected {
  readonly reason: string;
  readonly message: string;
  readonly data: string;
}

const receive = async (queueUrl: string): Promise<ReadonlyMap<string, string>> =>
  new Map((await emptyQueue(harness, queueUrl)).map((message) => [messageIdOf(message), message.Body ?? '']));

/** Where each record of a batch went, to be compared with where it should have gone. */
const arrivals = async (ids: readonly string[]): Promise<readonly object[]> => {
  const inboxes = await receive(own.sqsUrl);
  const rejected = await receive(runtime.outputs['RejectedQueueUrl'] ?? '');
  expect(inboxes.size + rejected.size).toBe(ids.filter((id) => inboxes.has(id) || rejected.has(id)).length);
  return ids.map((id) => {
    const body = inboxes.get(id);
    if (body !== undefined) return { inbox: Buffer.from(body).toString('base64') };
    const text = rejected.get(id);
    if (text === undefined) return { nobody: true };
    const { reason, message, data } = JSON.parse(text) as Rejected;
    expect(reason).toBe('InvalidRequest');
    expect(message).toMatch(/^(?:record|accountId|sessionId|userId) is /);
    return { rejected: data };
  });
};

const expected = (record: HostileRecord): object => {
  const destination = destinationOf(record);
  return { [destination]: destination === 'nobody' ? true : record.data.toString('base64') };
};

test('every record arrives byte for byte at those it names, or is rejected with a reason and its bytes', async () => {
  const seen: Record<string, number> = {};
  await tryHostile(hostileRecord, { inputs: runs, atOnce: 250 }, async (records) => {
    expect(await arrivals(await put(records))).toEqual(records.map(expected));
    for (const record of records) seen[destinationOf(record)] = (seen[destinationOf(record)] ?? 0) + 1;
  });
  for (const destination of ['inbox', 'rejected', 'nobody']) expect(seen[destination]).toBeGreaterThan(runs / 50);
  const { sqsUrl, identityId } = other;
  expect((await harness.call('/status/6/inbox')).body).toMatchObject({ sqsUrl, identityId });
  const others = await emptyQueue(harness, other.sqsUrl);
  expect(others.filter(({ Body: body = '' }) => accountSchema.parse(JSON.parse(body)).accountId !== 6)).toEqual([]);
}, 600_000);
