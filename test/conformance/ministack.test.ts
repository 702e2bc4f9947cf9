/** The app as it is, deployed with the CDK's command line tool to an emulator of others, with IAM and TLS. They run in their order. */
import { DescribeStackResourcesCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeStreamSummaryCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BackendClient } from 'sqs-browser/backend';
import type { Session } from '../../client/shared/session.ts';
import { MiniStack } from './ministack/ministack.ts';

let emulator: MiniStack;
let sqs: SQSClient;

interface Stage {
  readonly outputs: Readonly<Record<string, string>>;
  readonly apiUrl: string;
  readonly api: BackendClient;
}

const openStage = async (outputs: Readonly<Record<string, string>>): Promise<Stage> => {
  const apiUrl = await emulator.serveApi(outputs['ApiUrl'] ?? '');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { outputs, apiUrl, api: new BackendClient({ apiUrl, credentials, region: 'us-east-1', timeout: 60_000 }) };
};

const stages: Record<string, Stage> = {};
const stageOf = (name: string): Stage => {
  const stage = stages[name];
  if (!stage) throw new Error(`The stage ${name} is not deployed`);
  return stage;
};

/** The next message of a session, received from a queue with its keys; undefined when none comes. */
const receive = async (session: Session, QueueUrl = session.sqsUrl): Promise<unknown> => {
  const { accessKey, secretKey, sessionToken } = session;
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
  const client = new SQSClient({ ...emulator.client, credentials, maxAttempts: 1 });
  const { Messages: [message] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  if (!message) return undefined;
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  const body: unknown = JSON.parse(message.Body ?? '');
  return body;
};

beforeAll(async () => {
  emulator = await MiniStack.start();
  sqs = new SQSClient(emulator.client);
});

afterAll(() => emulator[Symbol.asyncDispose]());

const key = { accountId: 12345, sessionId: 'my-session' };

test('it is bootstrapped and deployed, and the acceptance scenarios hold', async () => {
  await emulator.cdk('bootstrap');
  stages['a'] = await openStage(await emulator.deploy('a'));
  // The gateway before it is not API Gateway, and checks no signatures.
  const printed = await emulator.acceptance('sqs-browser-a', stageOf('a').apiUrl, 'unsigned-requests');
  process.stdout.write(printed);
  expect(printed).toMatch(/^OK \(skipped=1\)$/m);
});

test('a stage whose name extends the name of another is apart from it', async () => {
  stages['a-b'] = await openStage(await emulator.deploy('a-b'));
  const [first, second] = [stageOf('a'), stageOf('a-b')];
  const mine = await first.api.createSession(key);
  const theirs = await second.api.createSession(key);
  await second.api.notify(key, { msg: 'theirs' });
  await first.api.notify(key, { msg: 'mine' });
  expect(await receive(mine)).toEqual({ ...key, msg: 'mine' });
  expect(await receive(theirs)).toEqual({ ...key, msg: 'theirs' });
  await expect(receive(mine, theirs.sqsUrl)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  await expect(receive(theirs, mine.sqsUrl)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  await first.api.destroySession(key);
  const cleanup = await fetch(`${first.apiUrl}/cleanup`);
  expect(await cleanup.json()).toMatchObject({ complete: true });
  expect(await receive(await second.api.renewSession(key))).toBeUndefined();
  await second.api.notify(key, { msg: 'still there' });
  expect(await receive(theirs)).toEqual({ ...key, msg: 'still there' });
});

test('an update of keyHours, messageRetention and streamMode keeps sessions, and holds for new ones', async () => {
  const { api } = stageOf('a');
  const old = await api.createSession(key);
  const outputs = await emulator.deploy('a', { keyHours: '1', messageRetention: '120', streamMode: 'ON_DEMAND' });
  expect(outputs).toEqual(stageOf('a').outputs);
  // With HTTP/1.1; its own handler speaks HTTP/2, with other settings.
  const kinesis = new KinesisClient({ ...emulator.client, requestHandler: sqs.config.requestHandler });
  const StreamName = outputs['EventStreamName'];
  const { StreamDescriptionSummary: stream } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  expect(stream?.StreamModeDetails?.StreamMode).toBe('ON_DEMAND');
  const message = { ...key, msg: 'after the update' };
  await kinesis.send(
    new PutRecordCommand({ StreamName, PartitionKey: '12345', Data: Buffer.from(JSON.stringify(message)) }),
  );
  expect(await receive(old)).toEqual(message);
  const fresh = await api.createSession({ ...key, sessionId: 'fresh' });
  expect(fresh.expires).toBeLessThan(old.expires - 2.5 * 3600);
  const { Attributes: attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: fresh.sqsUrl, AttributeNames: ['MessageRetentionPeriod'] }),
  );
  expect(attributes).toEqual({ MessageRetentionPeriod: '120' });
});

test('a stage that is destroyed takes no other with it', async () => {
  const cloudFormation = new CloudFormationClient(emulator.client);
  await stageOf('a').api.destroySession(key);
  await emulator.cdk('destroy', '--force', '-c', 'stage=a');
  const removed = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'sqs-browser-a' }));
  expect(removed.StackResources).toEqual([]);
  const { api } = stageOf('a-b');
  const session = await api.renewSession(key);
  await api.notify(key, { msg: 'alone' });
  expect(await receive(session)).toEqual({ ...key, msg: 'alone' });
  await api.destroySession(key);
  await emulator.cdk('destroy', '--force', '-c', 'stage=a-b');
  const { QueueUrls: left = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'brws-a-b-' }));
  expect(left).toEqual([]);
});
