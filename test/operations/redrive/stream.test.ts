import { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { AwsError, startEmulator } from 'aws-template-emulator';
import { createPut } from '../../../operations/redrive/stream.ts';

const emulator = await startEmulator({
  template: {
    Resources: { Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } } },
    Outputs: { Name: { Value: { Ref: 'Stream' } } },
  },
});
const client = new KinesisClient({ ...emulator.clientConfig, maxAttempts: 1 });
const waits: number[] = [];
const wait = (milliseconds: number) => Promise.resolve(waits.push(milliseconds));
const put = createPut({ client, streamName: emulator.outputs['Name'] ?? '', wait });
const removals: (() => void)[] = [];

afterEach(() => {
  waits.length = 0;
  for (const remove of removals.splice(0)) remove();
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

describe('putting records back on the stream', () => {
  test('returns their sequence numbers', async () => {
    const records = ['a', 'b'].map((name) => ({ data: Buffer.from(name), partitionKey: name }));
    expect(await put(records)).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
    expect(waits).toEqual([]);
  });

  test('puts nothing when there is nothing', async () => {
    expect(await put([])).toEqual([]);
  });

  test('fails with the error of a call that fails', async () => {
    removals.push(
      emulator.interceptors.add('before', 'kinesis:PutRecords', () => {
        throw new AwsError('ResourceNotFoundException', 'no such stream');
      }),
    );
    await expect(put([{ data: Buffer.from('a'), partitionKey: 'a' }])).rejects.toThrow('no such stream');
  });
});
