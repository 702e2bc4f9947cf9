/**
 * `npm run demo`, while `npm start` runs: two accounts with users and sessions get messages by every form of notify and by
 * Kinesis. Prints what arrives, and for every session whether it is what should have arrived.
 */
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';

const { PORT: port = '4000', OUTPUTS_FILE: outputs } = process.env;
const url = `http://127.0.0.1:${port}`;
const outputsFile = outputs ?? join(import.meta.dirname, '..', 'cdk.out', 'local-outputs.json');
const region = 'us-east-1';

/** What the API says of a session. */
const descriptionSchema = z.object({
  accountId: z.number(),
  sessionId: z.string(),
  sqsUrl: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  sessionToken: z.string(),
});

type Description = z.infer<typeof descriptionSchema>;

const notifySchema = z.object({ delivered: z.number() });

/** The outputs of each stack. */
const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** A browser: its session, what it is to receive, and what it has received. */
interface Browser {
  readonly name: string;
  readonly session: Description;
  readonly expected: string[];
  readonly received: string[];
}

const call = async (path: string, init?: RequestInit): Promise<unknown> => {
  const response = await fetch(url + path, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
};

const open = async (accountId: number, sessionId: string, userId?: number): Promise<Browser> => {
  const user = userId === undefined ? '' : `/${userId}`;
  const session = descriptionSchema.parse(await call(`/create/${accountId}/${encodeURIComponent(sessionId)}${user}`));
  const name = `account ${accountId}, ${userId === undefined ? 'no user' : `user ${userId}`}, session ${sessionId}`;
  return { name, session, expected: [], received: [] };
};

const clientOf = ({ accessKey, secretKey, sessionToken }: Description): SQSClient =>
  new SQSClient({
    endpoint: url,
    region,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken },
  });

/** One long poll with the session's own keys; what came is deleted. */
const poll = async (client: SQSClient, QueueUrl: string, seconds: number): Promise<readonly Message[]> => {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: seconds });
  const { Messages: messages = [] } = await client.send(command);
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  if (Entries.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return messages;
};

/** Polls until everything expected is there, or nothing has come for some seconds; then once more for what should not come. */
const listen = async ({ name, session, expected, received }: Browser): Promise<void> => {
  const client = clientOf(session);
  const take = async (seconds: number): Promise<number> => {
    const messages = await poll(client, session.sqsUrl, seconds);
    for (const { Body: body = '' } of messages) {
      received.push(body);
      console.log(`${name} received ${body}`);
    }
    return messages.length;
  };
  while (received.length < expected.length && (await take(5)) > 0);
  await take(1);
  client.destroy();
};

/** Sends by notify; the answer says how many sessions it reached. */
const notify = async (path: string, init?: RequestInit): Promise<void> => {
  const answer = notifySchema.parse(await call(`/notify/${path}`, init));
  console.log(`notify /${path} was delivered to ${answer.delivered} session${answer.delivered === 1 ? '' : 's'}`);
};

const put = async (stream: string, records: readonly string[]): Promise<void> => {
  const kinesis = new KinesisClient({
    endpoint: url,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const Records = records.map((text) => ({ Data: Buffer.from(text), PartitionKey: 'demo' }));
  const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
  if (FailedRecordCount) throw new Error(`${FailedRecordCount} records were not put on the stream`);
  console.log(`put ${records.length} records on the stream`);
  kinesis.destroy();
};

const readStream = async (): Promise<string> => {
  const outputs = outputsSchema.parse(JSON.parse(await readFile(outputsFile, 'utf8')));
  return Object.values(outputs)[0]?.['EventStreamName'] ?? '';
};

const expectIn = (message: string, ...browsers: readonly Browser[]): string => {
  for (const { expected } of browsers) expected.push(message);
  return message;
};

const json = (value: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** Everything is sent one after the other, so that every session's messages have one right order. */
const sendAll = async ([ada, adaPhone, ben, guest, other]: readonly [
  Browser,
  Browser,
  Browser,
  Browser,
  Browser,
]): Promise<void> => {
  expectIn('{"accountId":1001,"msg":"Hello World"}', ada, adaPhone, ben, guest);
  await notify('1001?msg=Hello+World');
  expectIn('{"accountId":1001,"sessionId":"desk top/1","msg":"one session"}', ada);
  await notify(`1001/session/${encodeURIComponent('desk top/1')}?msg=one+session`);
  expectIn('{"accountId":1001,"userId":7,"msg":"one user"}', ada, adaPhone);
  await notify('1001/user/7?msg=one+user');
  expectIn('{"accountId":1001,"sessionId":"phone","userId":7,"msg":"one session of a user"}', adaPhone);
  await notify('1001/session/phone/user/7?msg=one+session+of+a+user');
  expectIn('{"accountId":2002,"big":12345678901234567890,"text":"\u{1f44b} \\"quoted\\""}', other);
  await notify('2002', {
    ...json({}),
    body: '{"big":12345678901234567890,"text":"\u{1f44b} \\"quoted\\""}',
  });
  await put(await readStream(), [
    expectIn('{"accountId": 1001, "by": "Kinesis", "to": "the account"}', ada, adaPhone, ben, guest),
    expectIn('{"accountId": 1001, "userId": 8, "by": "Kinesis", "to": "a user", "n": 1.0}', ben),
    expectIn('{"accountId": 1001, "sessionId": "guest", "by": "Kinesis", "to": "a session"}', guest),
    expectIn(
      '{"accountId": 2002, "sessionId": "only", "userId": 9, "by": "Kinesis", "to": "a session of a user"}',
      other,
    ),
    '{"accountId": 2002, "sessionId": "only", "userId": 10, "to": "nobody: the session has another user"}',
  ]);
};

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((message, index) => message === b[index]);

/** Prints a line for each session; @returns whether all received exactly what they should. */
const report = (browsers: readonly Browser[]): boolean => {
  const results = browsers.map(({ name, expected, received }) => {
    // Standard queues hand out messages in any order.
    const passed = isSame([...expected].sort(), [...received].sort());
    console.log(`${passed ? 'PASS' : 'FAIL'} ${name} received ${received.length} of ${expected.length} messages`);
    if (!passed) console.log(`     expected ${expected.join(', ')}`);
    return passed;
  });
  return results.every(Boolean);
};

const demo = async (): Promise<boolean> => {
  const browsers = [
    await open(1001, 'desk top/1', 7),
    await open(1001, 'phone', 7),
    await open(1001, 'ben', 8),
    await open(1001, 'guest'),
    await open(2002, 'only', 9),
  ] as const;
  await sendAll(browsers);
  await Promise.all(browsers.map(listen));
  const passed = report(browsers);
  for (const { session } of browsers)
    await call(`/destroy/${session.accountId}/${encodeURIComponent(session.sessionId)}`);
  return passed;
};

try {
  process.exitCode = (await demo()) ? 0 : 1;
} catch (error) {
  const cause = error instanceof Error ? error.cause : undefined;
  const isDown = cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
  console.error(isDown ? `Nothing answers at ${url}: run npm start first, in another terminal.` : error);
  process.exitCode = 1;
}
