import { describe, expect, test } from '@jest/globals';
import {
  ChangeMessageVisibilityCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { ReceiveMessageCommandInput, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { client, clock, errorOf, newQueue } from '../queues.ts';

const send = (QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

const receive = async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}, abortSignal?: AbortSignal) => {
  const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more });
  const { Messages = [] } = await client.send(request, { ...(abortSignal && { abortSignal }) });
  return Messages;
};

const bodies = async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) =>
  (await receive(QueueUrl, more)).map(({ Body }) => Body);

/** Visible messages and those in flight; a request that the server takes after those sent before. */
const counts = async (QueueUrl: string) => {
  const AttributeNames = ['All' as const];
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible].map(Number);
};

const sendTen = (QueueUrl: string, texts: readonly string[]) =>
  client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: texts.map((MessageBody, index) => ({ Id: `${index}`, MessageBody })),
    }),
  );

const letters = 'a b c d e f g h i j'.split(' ');

test('answers one message unless asked for more', async () => {
  const queue = await newQueue();
  await sendTen(queue, letters);
  expect(await bodies(queue, { MaxNumberOfMessages: undefined })).toEqual(['a']);
});

test('answers the oldest messages first', async () => {
  const queue = await newQueue();
  await sendTen(queue, letters);
  expect(await bodies(queue, { MaxNumberOfMessages: 3 })).toEqual(['a', 'b', 'c']);
  expect(await bodies(queue)).toEqual(letters.slice(3));
});

test('answers nothing from an empty queue', async () => {
  expect(await bodies(await newQueue())).toEqual([]);
});

test('hides a received message for the visibility timeout', async () => {
  const queue = await newQueue({ VisibilityTimeout: '5' });
  await send(queue, 'a');
  await receive(queue);
  clock.advance(4_000);
  expect(await bodies(queue)).toEqual([]);
  clock.advance(1_000);
  expect(await bodies(queue)).toEqual(['a']);
});

test('takes the visibility timeout of the request before that of the queue', async () => {
  const queue = await newQueue({ VisibilityTimeout: '5' });
  await send(queue, 'a');
  await receive(queue, { VisibilityTimeout: 100 });
  clock.advance(99_000);
  expect(await bodies(queue)).toEqual([]);
  clock.advance(1_000);
  expect(await bodies(queue)).toEqual(['a']);
});

test('leaves a message visible with a timeout of zero', async () => {
  const queue = await newQueue();
  await send(queue, 'a');
  expect(await bodies(queue, { VisibilityTimeout: 0 })).toEqual(['a']);
  expect(await bodies(queue)).toEqual(['a']);
});

test('answers messages that came back before newer ones', async () => {
  const queue = await newQueue();
  await sendTen(queue, letters);
  await receive(queue, { MaxNumberOfMessages: 2, VisibilityTimeout: 1 });
  clock.advance(1_000);
  expect(await bodies(queue)).toEqual(letters);
});

test('does not answer a delayed message before its time', async () => {
  const queue = await newQueue();
  await send(queue, 'later', { DelaySeconds: 60 });
  expect(await bodies(queue)).toEqual([]);
  clock.advance(60_000);
  expect(await bodies(queue)).toEqual(['later']);
});

test('drops messages when their retention is over', async () => {
  const queue = await newQueue({ MessageRetentionPeriod: '60' });
  await send(queue, 'old');
  clock.advance(59_000);
  await send(queue, 'new');
  clock.advance(1_000);
  expect(await bodies(queue)).toEqual(['new']);
});

test('drops a message whose retention ends while it is in flight', async () => {
  const queue = await newQueue({ MessageRetentionPeriod: '60' });
  await send(queue, 'old');
  await receive(queue, { VisibilityTimeout: 120 });
  clock.advance(120_000);
  expect(await bodies(queue)).toEqual([]);
});

describe('a long poll', () => {
  test('ends when a message arrives', async () => {
    const queue = await newQueue();
    const polled = bodies(queue, { WaitTimeSeconds: 20 });
    await send(queue, 'a');
    expect(await polled).toEqual(['a']);
  });

  test('gets all messages of a batch', async () => {
    const queue = await newQueue();
    const polled = bodies(queue, { WaitTimeSeconds: 20 });
    await counts(queue);
    await sendTen(queue, letters);
    expect(await polled).toEqual(letters);
  });

  test('waits as the queue says when the request does not', async () => {
    const queue = await newQueue({ ReceiveMessageWaitTimeSeconds: '20' });
    const polled = bodies(queue);
    await counts(queue);
    await send(queue, 'a');
    expect(await polled).toEqual(['a']);
  });

  test('ends with nothing when its time is up', async () => {
    const queue = await newQueue();
    const start = performance.now();
    expect(await bodies(queue, { WaitTimeSeconds: 1 })).toEqual([]);
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  test('gets a message that becomes visible again', async () => {
    const queue = await newQueue();
    await send(queue, 'a');
    await receive(queue, { VisibilityTimeout: 30 });
    const polled = bodies(queue, { WaitTimeSeconds: 20 });
    await counts(queue);
    clock.advance(30_000);
    expect(await polled).toEqual(['a']);
  });

  test('gets a message that is given up by another', async () => {
    const queue = await newQueue();
    await send(queue, 'a');
    const [message] = await receive(queue);
    const polled = bodies(queue, { WaitTimeSeconds: 20 });
    await counts(queue);
    const { ReceiptHandle } = message ?? {};
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await polled).toEqual(['a']);
  });

  test('shares messages with other polls, the first first', async () => {
    const queue = await newQueue();
    const first = bodies(queue, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 });
    await counts(queue);
    const second = bodies(queue, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 });
    await counts(queue);
    await sendTen(queue, ['a', 'b']);
    expect(await Promise.all([first, second])).toEqual([['a'], ['b']]);
  });

  test('is refused when its queue is deleted', async () => {
    const queue = await newQueue();
    const refused = errorOf(receive(queue, { WaitTimeSeconds: 20 }));
    await counts(queue);
    await client.send(new DeleteQueueCommand({ QueueUrl: queue }));
    expect(await refused).toBe('QueueDoesNotExist');
  });

  test('takes no message once its caller has gone away', async () => {
    const queue = await newQueue();
    const callers = Array.from({ length: 5 }, () => new AbortController());
    const polls = callers.map(({ signal }) => errorOf(receive(queue, { WaitTimeSeconds: 20 }, signal)));
    await counts(queue);
    for (const caller of callers) caller.abort();
    expect(await Promise.all(polls)).toEqual(callers.map(() => 'AbortError'));
    await sendTen(queue, letters);
    expect(await bodies(queue, { WaitTimeSeconds: 1 })).toEqual(letters);
  });

  test('loses no message whenever its caller goes away', async () => {
    const queue = await newQueue({ VisibilityTimeout: '43200' });
    const received: (string | undefined)[] = [];
    const poll = async (abortAfter: number) => {
      const caller = new AbortController();
      setTimeout(() => {
        caller.abort();
      }, abortAfter);
      await receive(queue, { WaitTimeSeconds: 20 }, caller.signal).then(
        (messages) => received.push(...messages.map(({ Body }) => Body)),
        () => undefined,
      );
    };
    for (let round = 0; round < 40; round += 1) {
      await Promise.all([poll(round % 8), send(queue, `message ${round}`)]);
    }
    received.push(...(await drain(queue)));
    expect(received.sort()).toEqual(Array.from({ length: 40 }, (_, round) => `message ${round}`).sort());
  });
});

/** Receives until nothing has come for a second. */
const drain = async (queue: string): Promise<(string | undefined)[]> => {
  const messages = await bodies(queue, { WaitTimeSeconds: 1 });
  return messages.length === 0 ? [] : [...messages, ...(await drain(queue))];
};

describe('describes a message', () => {
  const attributes = {
    'app.kind': { DataType: 'String', StringValue: 'news' },
    'app.size': { DataType: 'Number.int', StringValue: '42' },
    raw: { DataType: 'Binary', BinaryValue: Buffer.from([0, 1, 255]) },
  };
  const trace = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' } as const;

  test('with the attributes that are asked for', async () => {
    const queue = await newQueue();
    await send(queue, 'a', { MessageAttributes: attributes });
    const named = async (...MessageAttributeNames: string[]) => {
      const [message] = await receive(queue, { VisibilityTimeout: 0, MessageAttributeNames });
      return Object.keys(message?.MessageAttributes ?? {});
    };
    expect(await named()).toEqual([]);
    expect(await named('All')).toEqual(['app.kind', 'app.size', 'raw']);
    expect(await named('.*')).toEqual(['app.kind', 'app.size', 'raw']);
    expect(await named('app.*', 'other')).toEqual(['app.kind', 'app.size']);
    expect(await named('raw')).toEqual(['raw']);
  });

  test('with system attributes', async () => {
    const queue = await newQueue();
    const sentAt = clock.now();
    await send(queue, 'a', { MessageGroupId: 'tenant', MessageSystemAttributes: { AWSTraceHeader: trace } });
    await receive(queue, { VisibilityTimeout: 0 });
    const [message] = await receive(queue, { MessageSystemAttributeNames: ['All'] });
    const { SentTimestamp, ApproximateFirstReceiveTimestamp, ...others } = message?.Attributes ?? {};
    expect(others).toEqual({
      SenderId: '000000000000',
      ApproximateReceiveCount: '2',
      AWSTraceHeader: trace.StringValue,
      MessageGroupId: 'tenant',
    });
    expect(Number(SentTimestamp) - sentAt).toBeLessThan(5000);
    expect(Number(ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(Number(SentTimestamp));
  });

  test('with digests of what it answers', async () => {
    const queue = await newQueue();
    await send(queue, 'This is a test message', { MessageAttributes: attributes });
    const [whole] = await receive(queue, { VisibilityTimeout: 0, MessageAttributeNames: ['All'] });
    const [part] = await receive(queue, { MessageAttributeNames: ['raw'] });
    expect(whole?.MD5OfBody).toBe('fafb00f5732ab283681e124bf8747ed1');
    expect(whole?.MD5OfMessageAttributes).not.toBe(part?.MD5OfMessageAttributes);
  });
});

test.each([
  [{ MaxNumberOfMessages: 0 }, 'InvalidParameterValue'],
  [{ MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
  [{ WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
  [{ VisibilityTimeout: -1 }, 'InvalidParameterValue'],
  [{ VisibilityTimeout: 43_201 }, 'InvalidParameterValue'],
  [{ ReceiveRequestAttemptId: 'again' }, 'InvalidParameterValue'],
  [{ AttributeNames: ['Colour' as 'All'] }, 'InvalidAttributeName'],
])('refuses %j', async (input, error) => {
  expect(await errorOf(receive(await newQueue(), input))).toBe(error);
});

test.each([
  ['http://127.0.0.1/000000000000/not-there', 'QueueDoesNotExist'],
  ['http://127.0.0.1/111111111111/elsewhere', 'QueueDoesNotExist'],
  ['nothing like it', 'InvalidAddress'],
])('refuses the queue URL %s', async (QueueUrl, error) => {
  expect(await errorOf(receive(QueueUrl))).toBe(error);
});
