import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { PublishFailed, type PublishOptions } from '../../../client/backend/backend.ts';
import { broken, FakeService, json, type Sent } from './fake-service.ts';

const putSchema = z.object({
  StreamName: z.string(),
  Records: z.array(z.object({ Data: z.string(), PartitionKey: z.string() })),
});

const numberedSchema = z.object({ n: z.number() });

const putOf = ({ body = '' }: Sent): z.infer<typeof putSchema> => putSchema.parse(JSON.parse(body));
const textsOf = (sent: Sent): string[] => putOf(sent).Records.map(({ Data }) => Buffer.from(Data, 'base64').toString());

/** A stream that refuses the records for which `refuses` says so. */
class FakeStream extends FakeService {
  readonly stored: { readonly key: string; readonly text: string }[] = [];

  constructor(refuses: (text: string, call: number) => boolean = () => false) {
    super();
    this.replies = Array.from({ length: 1_000 }, () => (sent: Sent) => this.#put(sent, refuses));
  }

  #put(sent: Sent, refuses: (text: string, call: number) => boolean): Response {
    const texts = textsOf(sent);
    const Records = putOf(sent).Records.map(({ PartitionKey: key }, at) => {
      const text = texts[at] ?? '';
      if (refuses(text, this.sent.length)) {
        return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard' };
      }
      this.stored.push({ key, text });
      return { SequenceNumber: String(this.stored.length), ShardId: 'shardId-0' };
    });
    return json(200, { FailedRecordCount: Records.filter(({ ErrorCode }) => ErrorCode).length, Records });
  }

  async publish(messages: Parameters<ReturnType<FakeService['client']>['publish']>[0], options?: PublishOptions) {
    return this.client().publish(messages, options);
  }
}

const numbered = (count: number, accounts = 1) =>
  Array.from({ length: count }, (_, n) => ({ accountId: n % accounts, n }));

const sizes = ({ sent }: FakeStream): number[] => sent.map((call) => putOf(call).Records.length);

/** What is stored for an account, in order. */
const order = ({ stored }: FakeStream, account: number): number[] =>
  stored.filter(({ key }) => key === String(account)).map(({ text }) => numberedSchema.parse(JSON.parse(text)).n);

test('puts the text under the account, signed for Kinesis', async () => {
  const stream = new FakeStream();
  const text = '{"accountId":-5,"big":12345678901234567890}';
  const published = await stream.client().publish([{ accountId: 1, sessionId: 'a', msg: '👋' }, text]);
  expect(published).toEqual([{ messageId: 'shardId-0:1' }, { messageId: 'shardId-0:2' }]);
  expect(stream.stored).toEqual([
    { key: '1', text: '{"accountId":1,"sessionId":"a","msg":"👋"}' },
    { key: '-5', text },
  ]);
  const [sent] = stream.sent;
  expect(sent?.url.href).toBe('https://kinesis.eu-west-1.amazonaws.com/');
  expect(sent?.headers.get('x-amz-target')).toBe('Kinesis_20131202.PutRecords');
  expect(sent?.headers.get('authorization')).toContain('/eu-west-1/kinesis/aws4_request');
  expect(sent && putOf(sent).StreamName).toBe('events');
});

test('puts nothing when there is nothing', async () => {
  const stream = new FakeStream();
  expect(await stream.publish([])).toEqual([]);
  expect(stream.sent).toEqual([]);
});

test('puts at most 500 records in a call', async () => {
  const stream = new FakeStream();
  const published = await stream.publish(numbered(1_201, 7));
  expect(sizes(stream)).toEqual([500, 500, 201]);
  expect(published).toHaveLength(1_201);
  for (let account = 0; account < 7; account++) {
    expect(order(stream, account)).toEqual([...order(stream, account)].sort((a, b) => a - b));
  }
});

test('puts at most 10 MiB in a call, partition keys counted', async () => {
  const stream = new FakeStream();
  const text = JSON.stringify({ accountId: 1, a: 'x'.repeat(204_800 - 22) });
  expect(Buffer.byteLength(text)).toBe(204_800);
  await stream.publish(Array<string>(60).fill(text));
  expect(sizes(stream)).toEqual([51, 9]);
});

describe('refuses a wrong message before any is put', () => {
  test.each([
    ['no account', {}, 'accountId'],
    ['a text for an account', { accountId: '1' }, 'accountId'],
    ['a number for a session', { accountId: 1, sessionId: 5 }, 'sessionId'],
    ['a user that is no integer', { accountId: 1, userId: 0.5 }, 'userId'],
    ['a text that is no object', '[]', 'messages[1]'],
    ['an array', [], 'messages[1]'],
  ])('%s', async (_what, wrong, field) => {
    const stream = new FakeStream();
    const call = stream.publish([{ accountId: 1 }, wrong as { accountId: number }]);
    await expect(call).rejects.toMatchObject({ name: 'InvalidRequest', field });
    expect(stream.sent).toEqual([]);
  });

  test('one that is too large', async () => {
    const stream = new FakeStream();
    const large = { accountId: 1, a: 'x'.repeat(1_046_528) };
    await expect(stream.publish([{ accountId: 1 }, large])).rejects.toMatchObject({
      name: 'MessageTooLarge',
      message: 'messages[1] has 1046550 bytes, but at most 1046528 can be delivered',
      bytes: 1_046_550,
    });
    expect(stream.sent).toEqual([]);
  });
});

describe('what the stream refuses', () => {
  test('is put again, and it alone', async () => {
    const stream = new FakeStream((text, call) => call === 1 && /"n":[13]}/.test(text));
    const published = await stream.publish(numbered(5));
    expect(stream.sent.map((sent) => textsOf(sent).map((text) => numberedSchema.parse(JSON.parse(text)).n))).toEqual([
      [0, 1, 2, 3, 4],
      [1, 3],
    ]);
    expect(published.map(({ messageId }) => messageId)).toEqual(
      ['1', '4', '2', '5', '3'].map((number) => `shardId-0:${number}`),
    );
  });

  test('does not overtake when order is asked for', async () => {
    const refused = new Map<string, number>();
    const stream = new FakeStream((text) => {
      const times = refused.get(text) ?? 0;
      refused.set(text, times + 1);
      return times < numberedSchema.parse(JSON.parse(text)).n % 3;
    });
    await stream.publish(numbered(60, 4), { ordered: true });
    for (let account = 0; account < 4; account++) {
      expect(order(stream, account)).toEqual(Array.from({ length: 15 }, (_, n) => n * 4 + account));
    }
    expect(Math.max(...sizes(stream))).toBe(4);
  });

  test('goes on being put as long as some are accepted', async () => {
    // One record a call, the first that was not accepted before.
    const accepted = new Set<number>();
    const stream = new FakeStream((_text, call) => accepted.size === accepted.add(call).size);
    expect(await stream.publish(numbered(12))).toHaveLength(12);
    expect(sizes(stream)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('is in the error when nothing is accepted again and again', async () => {
    const stream = new FakeStream((text) => /"n":[34]}/.test(text));
    const messages = numbered(5);
    const error: unknown = await stream.publish(messages).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PublishFailed);
    expect(error).toMatchObject({ published: 3, unpublished: messages.slice(3), transient: true });
    expect(error).toMatchObject({
      message: expect.stringMatching(/^2 of 5 messages are not published: /),
      cause: { name: 'Throttled', message: expect.stringContaining('Rate exceeded') },
    });
    expect(stream.sent).toHaveLength(1 + 4);
  });
});

describe('a call that fails', () => {
  test.each([
    ['a 500', json(500, { __type: 'InternalFailure' })],
    ['throttling', json(400, { __type: 'com.amazonaws.kinesis#ProvisionedThroughputExceededException' })],
    ['a broken connection', broken('ECONNRESET')],
  ])('is tried again after %s', async (_what, reply) => {
    const stream = new FakeStream();
    stream.replies.unshift(reply);
    expect(await stream.publish(numbered(3))).toHaveLength(3);
    expect(stream.sent).toHaveLength(2);
  });

  test.each([
    ['AccessDeniedException', 'AccessDenied'],
    ['InvalidSignatureException', 'AccessDenied'],
    ['ResourceNotFoundException', 'UnexpectedAnswer'],
  ])('with %s is reported at once', async (type, name) => {
    const stream = new FakeStream();
    stream.replies.unshift(json(400, { __type: type, message: 'Stream events is not there' }));
    const error: unknown = await stream.publish(numbered(3)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ published: 0, unpublished: numbered(3), transient: false, cause: { name } });
    const message = expect.stringContaining(`Kinesis answered ${type}: Stream events is not there`);
    expect(error).toMatchObject({ message });
  });

  test('because it is aborted says what is not published', async () => {
    const stream = new FakeStream();
    stream.replies.splice(1, 0, 'silent');
    const control = new AbortController();
    const waiting = stream.waiting();
    const call = stream.client().publish(numbered(600), { signal: control.signal });
    const outcome = call.catch((reason: unknown) => reason);
    await waiting;
    control.abort(new Error('Enough'));
    expect(await outcome).toMatchObject({ published: 500, cause: { message: 'Enough' } });
  });
});

test.each([
  [{ apiUrl: 'https://a.execute-api.cn-north-1.amazonaws.com.cn/dev' }, 'https://kinesis.cn-north-1.amazonaws.com.cn/'],
  [{ kinesisUrl: 'http://127.0.0.1:4000' }, 'http://127.0.0.1:4000/'],
])('finds Kinesis with %j', async (options, url) => {
  const stream = new FakeStream();
  await stream.client(options).publish([{ accountId: 1 }]);
  expect(stream.sent[0]?.url.href).toBe(url);
});
