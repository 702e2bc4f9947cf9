import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { AwsError, startEmulator } from 'aws-template-emulator';
import { maxMessageBytes } from '../../../client/shared/parameters.ts';
import { openS3 } from '../../../functions/aws/s3-client.ts';
import { jsonBytes, type InlineMessage, type Message } from '../../../functions/dispatch/message.ts';
import {
  carry,
  carryAll,
  createMessageStore,
  loadBodies,
  maxExecutionBytes,
} from '../../../functions/dispatch/offload.ts';
import { randomText } from '../../tools/random-text.ts';

const message = (body: string): InlineMessage => ({ messageId: 'm', sentAt: 1, accountId: 1, sessionId: 's', body });
const envelope = { messageId: 'm', sentAt: 1, accountId: 1, sessionId: 's' };

describe('a message', () => {
  test('keeps its body while it fits', () => {
    const small = message('x'.repeat(maxExecutionBytes - 100));
    expect(carry(small)).toBe(small);
  });

  test('has a larger body compressed', () => {
    const body = 'é'.repeat(100_000);
    const carried = carry(message(body));
    expect(carried).toEqual({ ...envelope, compressed: expect.any(String), bytes: 200_000 });
    expect(jsonBytes(carried)).toBeLessThan(1000);
  });

  test('is carried without a body that is too large when it is compressed', () => {
    expect(carry(message(randomText(100_000)))).toEqual({ ...envelope, offloaded: true, bytes: 100_000 });
  });

  test('is measured as it stands in a state, with its escapes', () => {
    expect(carry(message('"'.repeat(maxExecutionBytes / 2)))).toHaveProperty('compressed');
    expect(carry(message('é'.repeat(maxExecutionBytes / 2)))).toHaveProperty('bytes', maxExecutionBytes);
  });

  test('always fits an execution', () => {
    for (const size of [10, maxExecutionBytes - 200, maxExecutionBytes, maxMessageBytes]) {
      expect(jsonBytes(carry(message('x'.repeat(size))))).toBeLessThan(maxExecutionBytes);
      expect(jsonBytes(carry(message(randomText(size))))).toBeLessThan(maxExecutionBytes);
    }
  });
});

const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'messages' } };
const emulator = await startEmulator({ template: { Resources: { Messages: bucket } } });
const client = openS3(emulator.clientConfig);
const newStore = () => createMessageStore(client, 'messages');
const calls: string[] = [];
emulator.calls.on(({ service, action }) => calls.push(`${service}:${action}`));
const removals: (() => void)[] = [];

afterEach(() => {
  calls.length = 0;
  for (const remove of removals.splice(0)) remove();
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

const offloaded = (messageId: string): Message => ({ messageId, sentAt: 1, accountId: 1, offloaded: true, bytes: 9 });

const contentOf = async (Key: string): Promise<unknown> => {
  const { Body } = { Body: undefined, ...(await emulator.ask('s3', 'GetObject', { Bucket: 'messages', Key })) };
  return String(Body);
};

describe('the store', () => {
  test('keeps a body under the id of its message, and that of a dead letter apart', async () => {
    const id = "shardId-000000000000:1 é'!";
    await newStore().put({ ...message('"é🙂\u007f"'), messageId: id });
    await newStore().putDeadLetter(id, 'dead');
    expect(await newStore().bodyOf(offloaded(id))).toBe('"é🙂\u007f"');
    expect(await contentOf(`messages/${id}`)).toBe('"é🙂\u007f"');
    expect(await contentOf(`dead-letters/${id}`)).toBe('dead');
  });

  test('asks for nothing when the body is there, whole or compressed', async () => {
    const body = `${'é"'.repeat(200_000)}🙂`;
    expect([await newStore().bodyOf(message('b')), await newStore().bodyOf(carry(message(body)))]).toEqual(['b', body]);
    expect(calls).toEqual([]);
  });

  test('refuses to decompress more than a message may have', async () => {
    const bomb = carry(message('x'.repeat(maxMessageBytes + 1)));
    await expect(newStore().bodyOf(bomb)).rejects.toMatchObject({ name: 'RangeError' });
  });

  test('has no body that is no longer kept', async () => {
    expect(await newStore().bodyOf(offloaded('gone'))).toBeUndefined();
  });

  test('reads each body once, and leaves out those that are no longer kept', async () => {
    await newStore().put(message('large'));
    const messages = [message('small'), offloaded('m'), offloaded('gone')];
    expect([...(await loadBodies(messages, [0, 1, 1, 2], newStore()))].sort()).toEqual([
      [0, 'small'],
      [1, 'large'],
    ]);
    expect(calls.filter((call) => call === 's3:GetObject')).toHaveLength(2);
  });

  test('remembers what it read last, as much as has eight megabytes', async () => {
    const store = newStore();
    const ids = Array.from({ length: 9 }, (_, index) => `large-${index}`);
    for (const messageId of ids) await store.put({ ...message('x'.repeat(1024 * 1024)), messageId });
    for (const messageId of [...ids, ...ids.slice(1)]) await store.bodyOf(offloaded(messageId));
    expect(calls.filter((call) => call === 's3:GetObject')).toHaveLength(9);
    await store.bodyOf(offloaded('large-0'));
    expect(calls.filter((call) => call === 's3:GetObject')).toHaveLength(10);
  });

  test('fails by name', async () => {
    removals.push(
      emulator.interceptors.add('before', '*', () => {
        throw new AwsError('SlowDown', 'arn:aws:secret');
      }),
    );
    await expect(newStore().put(message('b'))).rejects.toMatchObject({
      ...{ name: 'Throttled', message: 's3:PutObject was throttled' },
    });
    await expect(newStore().bodyOf(offloaded('m'))).rejects.toMatchObject({ name: 'Throttled' });
  });
});

test('messages that are to be carried have those bodies kept that are too large', async () => {
  const small = message('small');
  const large = { ...message(randomText(100_000)), messageId: 'large' };
  const again = offloaded('again');
  const carried = await carryAll([small, large, again], newStore());
  expect(carried).toEqual([small, { ...envelope, messageId: 'large', offloaded: true, bytes: 100_000 }, again]);
  expect(calls).toEqual(['s3:PutObject']);
  expect(await contentOf('messages/large')).toBe(large.body);
});
