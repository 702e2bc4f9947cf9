import { afterEach, describe, expect, test } from '@jest/globals';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { KinesisStreamEvent } from 'aws-lambda';
import { createEventSourceMapping } from '../../kinesis/event-source-mapping/create-event-source-mapping.ts';
import type { EventSourceMapping, EventSourceMappingOptions } from '../../kinesis/index.ts';
import { AwsError } from '../../service.ts';
import { arnOf, bytes, client, clock, kinesis, newStream, shardId } from '../kinesis/streams.ts';

const running: EventSourceMapping[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((mapping) => mapping.stop()));
});

const administrator = {
  principal: { type: 'administrator' },
  signal: new AbortController().signal,
  baseUrl: '',
} as const;

const callKinesis: EventSourceMappingOptions['call'] = (_service, action, parameters) =>
  Promise.resolve(kinesis.actions[action]?.run(parameters, administrator) ?? {});

const textOf = (data: string) => Buffer.from(data, 'base64').toString();

/** Maps a new stream to a function that keeps its events. */
const map = (properties: object = {}, more: Partial<EventSourceMappingOptions> = {}, shards = 1) => {
  const stream = newStream({ ShardCount: shards });
  const events: KinesisStreamEvent[] = [];
  const problems: string[] = [];
  const mapping = createEventSourceMapping({
    clock,
    kinesis,
    properties: {
      EventSourceArn: arnOf(stream),
      FunctionName: 'router',
      StartingPosition: 'TRIM_HORIZON',
      ...properties,
    },
    id: '0f2e6f3a-0000-4000-8000-000000000000',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:router',
    roleArn: 'arn:aws:iam::000000000000:role/router',
    region: 'us-east-1',
    instantRetries: true,
    call: callKinesis,
    invoke: (_name, event) => {
      events.push(event as KinesisStreamEvent);
      return Promise.resolve(undefined);
    },
    onProblem: (problem) => problems.push(problem.message),
    ...more,
  });
  running.push(mapping);
  const put = (...texts: string[]) => {
    const Records = texts.map((text, index) => ({ Data: bytes(text), PartitionKey: `key-${index}` }));
    return client.send(new PutRecordsCommand({ StreamName: stream, Records }));
  };
  const texts = () => events.map(({ Records }) => Records.map((record) => textOf(record.kinesis.data)));
  return { stream, mapping, events, problems, put, texts };
};

test('a function gets the records of a put together, as Lambda hands them on', async () => {
  const { stream, mapping, events, put, texts } = map();
  const { Records: [first] = [] } = await put('{"a":1}', '{"b":"🦊"}');
  await mapping.idle();
  expect(texts()).toEqual([['{"a":1}', '{"b":"🦊"}']]);
  expect(events[0]?.Records[0]).toMatchObject({
    eventSource: 'aws:kinesis',
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::000000000000:role/router',
    eventID: `${shardId(0)}:${first?.SequenceNumber ?? ''}`,
    eventSourceARN: arnOf(stream),
    awsRegion: 'us-east-1',
    kinesis: { partitionKey: 'key-0', sequenceNumber: first?.SequenceNumber, kinesisSchemaVersion: '1.0' },
  });
});

test('each shard has batches of its own', async () => {
  const { mapping, events, put } = map({}, {}, 3);
  await put(...Array.from({ length: 60 }, (_, index) => `record ${index}`));
  await mapping.idle();
  const shards = events.map(({ Records }) => new Set(Records.map(({ eventID }) => eventID.split(':')[0])).size);
  expect(shards).toEqual([1, 1, 1]);
  expect(events.flatMap(({ Records }) => Records)).toHaveLength(60);
});

test('what is put while the function runs is in the next batch, in order', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const seen: string[][] = [];
  const { mapping, put } = map(
    {},
    {
      invoke: async (_name, event) => {
        seen.push((event as KinesisStreamEvent).Records.map((record) => textOf(record.kinesis.data)));
        if (seen.length === 1) await held;
      },
    },
  );
  await put('a');
  await put('b');
  await put('c');
  release();
  await mapping.idle();
  expect(seen).toEqual([['a'], ['b', 'c']]);
});

test('an event stays below six megabytes', async () => {
  const { mapping, texts, put } = map();
  const large = 'x'.repeat(1_000_000);
  await put(large, large, large, large, large, 'last');
  await mapping.idle();
  expect(texts().map((batch) => batch.length)).toEqual([4, 2]);
});

test('a stream that was silent for a day is read on', async () => {
  const { mapping, texts, put } = map();
  await put('a');
  await mapping.idle();
  clock.advance(86_400_000);
  await put('b');
  await mapping.idle();
  expect(texts()).toEqual([['a'], ['b']]);
});

describe('a call that is refused', () => {
  test('is reported and made again, so that no record waits for another', async () => {
    let refusals = 1;
    const { mapping, texts, problems, put } = map(
      {},
      {
        call: (service, action, parameters) => {
          if (action === 'GetRecords' && refusals-- > 0)
            return Promise.reject(new AwsError('AccessDenied', 'not allowed'));
          return callKinesis(service, action, parameters);
        },
      },
    );
    await put('a');
    const idle = mapping.idle();
    clock.advance(1_000);
    await idle;
    expect(problems).toEqual(['not allowed']);
    expect(texts()).toEqual([['a']]);
  });

  test('to keep a failed batch is made again', async () => {
    const kept: string[] = [];
    let refusals = 2;
    const properties = {
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failed' } },
    };
    const { mapping, problems, put } = map(properties, {
      call: (service, action, parameters) => {
        if (service !== 's3') return callKinesis(service, action, parameters);
        if (refusals-- > 0) return Promise.reject(new Error('the bucket is away'));
        kept.push(String(parameters['Bucket']));
        return Promise.resolve({});
      },
      invoke: () => Promise.reject(new Error('the function failed')),
    });
    await put('a');
    await mapping.idle();
    expect(problems).toEqual(['the bucket is away', 'the bucket is away']);
    expect(kept).toEqual(['failed']);
  });
});

test('a mapping that was stopped reads no more', async () => {
  const { mapping, texts, put } = map();
  await mapping.stop();
  await put('a');
  await mapping.idle();
  expect(texts()).toEqual([]);
});

test('a mapping that is switched off leaves records on the stream, and reads them when it is switched on', async () => {
  const { mapping, put, texts } = map();
  mapping.setEnabled(false);
  await put('one');
  await mapping.idle();
  expect([mapping.isEnabled, texts()]).toEqual([false, []]);
  mapping.setEnabled(true);
  await mapping.idle();
  expect([mapping.isEnabled, texts()]).toEqual([true, [['one']]]);
});
