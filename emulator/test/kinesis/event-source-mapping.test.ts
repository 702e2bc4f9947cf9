import { afterEach, describe, expect, test } from '@jest/globals';
import { MovableClock } from '../../clock.ts';
import { createEventSourceMapping } from '../../kinesis/event-source-mapping/create-event-source-mapping.ts';
import type { EventSourceMapping } from '../../kinesis/index.ts';
import { AwsError } from '../../service.ts';

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/events';
const bucket = 'arn:aws:s3:::failed';

type Event = { Records: { kinesis: { sequenceNumber: string; data: string } }[] };
type Answer = { batchItemFailures: { itemIdentifier: string }[] } | undefined;

const running: EventSourceMapping[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((mapping) => mapping.stop()));
});

/** A stream of one shard in memory, a mapping of it, and what the function and the bucket got. */
const start = (
  properties: object,
  answer: (numbers: string[], call: number) => Answer,
  options: { instantRetries?: boolean } = {},
) => {
  const clock = new MovableClock();
  const records: { SequenceNumber: string; ApproximateArrivalTimestamp: number; Data: string; PartitionKey: string }[] =
    [];
  const invoked: string[][] = [];
  const objects: { Key: string; body: { payload: string; requestContext: { condition: string } } }[] = [];
  const problems: string[] = [];
  let wake: (shardId: string) => void = () => undefined;
  let iteratorsExpire = 0;
  const services = {
    GetShardIterator: ({ StartingSequenceNumber }: Record<string, unknown>) => ({
      ShardIterator: String(Number(StartingSequenceNumber ?? 0)),
    }),
    GetRecords: ({ ShardIterator, Limit }: Record<string, unknown>) => {
      if (iteratorsExpire-- > 0) throw new AwsError('ExpiredIteratorException', 'too old');
      const Records = records.slice(Number(ShardIterator), Number(ShardIterator) + Number(Limit));
      return { Records, NextShardIterator: String(Number(ShardIterator) + Records.length) };
    },
    PutObject: ({ Key, Body }: Record<string, unknown>) => {
      objects.push({ Key: String(Key), body: JSON.parse(String(Body)) as (typeof objects)[number]['body'] });
      return {};
    },
  };
  const mapping = createEventSourceMapping({
    clock,
    properties: { EventSourceArn: streamArn, FunctionName: 'router', StartingPosition: 'TRIM_HORIZON', ...properties },
    kinesis: {
      onRecords: (_arn, listener) => {
        wake = listener;
        return () => undefined;
      },
    },
    id: '0f2e6f3a-0000-4000-8000-000000000000',
    functionArn: 'arn:router',
    roleArn: 'arn:role',
    region: 'us-east-1',
    instantRetries: options.instantRetries ?? true,
    onProblem: (problem) => problems.push(problem.message),
    call: (_service, action, parameters) =>
      Promise.resolve().then(() => services[action as keyof typeof services](parameters)),
    invoke: (_name, event) => {
      const numbers = event.Records.map(({ kinesis }) => kinesis.sequenceNumber);
      invoked.push(numbers);
      return Promise.resolve().then(() => answer(numbers, invoked.length));
    },
  });
  running.push(mapping);
  const put = (count: number): void => {
    for (let i = 0; i < count; i += 1) {
      const SequenceNumber = String(records.length + 1);
      records.push({
        SequenceNumber,
        ApproximateArrivalTimestamp: clock.now() / 1000,
        Data: 'e30=',
        PartitionKey: 'k',
      });
    }
    wake('shardId-000000000000');
  };
  const expireIterators = (times: number): void => {
    iteratorsExpire = times;
  };
  return { clock, mapping, put, invoked, objects, problems, expireIterators };
};

/** Lets everything happen that waits for nothing but its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const fail = (): never => {
  throw new Error('the function failed');
};
const report = (itemIdentifier: string): Answer => ({ batchItemFailures: [{ itemIdentifier }] });

describe('batches', () => {
  test('hold as many records as the batch size, in order', async () => {
    const { put, mapping, invoked } = start({ BatchSize: 2 }, () => undefined);
    put(5);
    await mapping.idle();
    expect(invoked).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  test('go on where the last one ended', async () => {
    const { put, mapping, invoked } = start({}, () => undefined);
    put(1);
    await mapping.idle();
    put(2);
    await mapping.idle();
    expect(invoked).toEqual([['1'], ['2', '3']]);
  });

  test('wait for the window to fill', async () => {
    const { clock, put, mapping, invoked } = start({ MaximumBatchingWindowInSeconds: 60 }, () => undefined);
    put(1);
    put(1);
    await turn();
    expect(invoked).toEqual([]);
    clock.advance(60_000);
    await mapping.idle();
    expect(invoked.flat()).toEqual(['1', '2']);
  });

  test('survive an iterator that expired', async () => {
    const { put, mapping, invoked, expireIterators } = start({}, () => undefined);
    put(1);
    await mapping.idle();
    expireIterators(1);
    put(1);
    await mapping.idle();
    expect(invoked).toEqual([['1'], ['2']]);
  });
});

describe('a batch that fails', () => {
  test('is tried again as often as allowed and then kept whole in the bucket', async () => {
    const properties = { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: bucket } } };
    const { put, mapping, invoked, objects } = start(properties, fail);
    put(2);
    await mapping.idle();
    expect(invoked).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(objects[0]?.body.requestContext.condition).toBe('RetryAttemptsExhausted');
    expect((JSON.parse(objects[0]?.body.payload ?? '') as Event).Records.map(({ kinesis }) => kinesis.data)).toEqual([
      'e30=',
      'e30=',
    ]);
    expect(objects[0]?.Key).toMatch(
      /^aws\/lambda\/0f2e6f3a-0000-4000-8000-000000000000\/shardId-000000000000\/\d{4}\/\d\d\/\d\d\/.+/,
    );
  });

  test('is halved, so that one bad record holds up only itself', async () => {
    const properties = {
      MaximumRetryAttempts: 0,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: bucket } },
    };
    const { put, mapping, objects, invoked } = start(properties, (numbers) =>
      numbers.includes('3') ? fail() : undefined,
    );
    put(4);
    await mapping.idle();
    expect(invoked).toEqual([['1', '2', '3', '4'], ['1', '2'], ['3', '4'], ['3'], ['4']]);
    expect(objects).toHaveLength(1);
  });

  test('is retried after a pause on the clock', async () => {
    const { clock, put, mapping, invoked } = start({}, (_numbers, call) => (call === 1 ? fail() : undefined), {
      instantRetries: false,
    });
    put(1);
    await turn();
    clock.advance(1000);
    await mapping.idle();
    expect(invoked).toHaveLength(2);
  });

  test('is given up when its records have become too old', async () => {
    const properties = { MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: bucket } } };
    const { clock, put, mapping, objects } = start(properties, () => {
      clock.advance(61_000);
      return fail();
    });
    put(1);
    await mapping.idle();
    expect(objects.map(({ body }) => body.requestContext.condition)).toEqual(['RecordAgeExceeded']);
  });
});

describe('reported failures', () => {
  const properties = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

  test('are tried again from the lowest', async () => {
    const { put, mapping, invoked } = start(properties, (_numbers, call) => (call === 1 ? report('2') : undefined));
    put(3);
    await mapping.idle();
    expect(invoked).toEqual([
      ['1', '2', '3'],
      ['2', '3'],
    ]);
  });

  test('of a record that is not in the batch mean the whole batch', async () => {
    const { put, mapping, invoked } = start(properties, (_numbers, call) => (call === 1 ? report('99') : undefined));
    put(2);
    await mapping.idle();
    expect(invoked).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  test('are not read when the mapping does not ask for them', async () => {
    const { put, mapping, invoked } = start({}, () => report('1'));
    put(2);
    await mapping.idle();
    expect(invoked).toEqual([['1', '2']]);
  });
});

test.each([
  [{ ParallelizationFactor: 2 }, 'ParallelizationFactor 2'],
  [{ StartingPosition: 'LATEST' }, 'StartingPosition "LATEST"'],
  [{ TumblingWindowInSeconds: 5 }, 'TumblingWindowInSeconds 5'],
  [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:x' } } }, 'DestinationConfig'],
])('refuses %j by name', (properties, message) => {
  expect(() => start(properties, () => undefined)).toThrow(message);
});
