import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FaultError } from 'aws-template-emulator';
import * as z from 'zod/mini';
import type { ApiAnswer, ServiceHarness } from '../lifecycle/service-harness.ts';
import { clientOptions } from '../tools/worst-case.ts';

const queueSchema = z.object({ sqsUrl: z.string() });

const hour = 3_600_000;
const clientOf = (harness: ServiceHarness) => ({
  endpoint: harness.runtime.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  ...clientOptions(harness.runtime.clock),
});

/** What the service answered, and every secret that went through a machine. */
export interface Journal {
  readonly answers: ApiAnswer[];
  readonly secrets: Set<string>;
  /** Identity ids and session names, which queue policies have besides. */
  readonly names: Set<string>;
}

const ask = async (harness: ServiceHarness, journal: Journal, path: string): Promise<ApiAnswer> => {
  const answer = await harness.call(path);
  journal.answers.push(answer);
  return answer;
};

const put = async (harness: ServiceHarness, text: string): Promise<void> => {
  const kinesis = new KinesisClient(clientOf(harness));
  const StreamName = harness.runtime.outputs['EventStreamName'];
  await kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from(text), PartitionKey: 'a' }));
  await harness.runtime.idle();
  kinesis.destroy();
};

/** Every route while all is well, and messages of all kinds. */
const useEverything = async (harness: ServiceHarness, journal: Journal): Promise<void> => {
  const visit = (path: string) => ask(harness, journal, path);
  for (const id of ['a', 'b', 'gone']) await visit(`/create/1/${id}/7`);
  await visit('/create/1/a/7?MessageRetentionPeriod=120');
  for (const path of ['/renew/1/a', '/status/1/a', '/status?limit=1', '/status/1']) await visit(path);
  for (const form of ['', '/session/a', '/session/a/user/7', '/user/7']) await visit(`/notify/1${form}?msg=hello`);
  const gone = queueSchema.parse((await visit('/status/1/gone')).body);
  const sqs = new SQSClient(clientOf(harness));
  await sqs.send(new DeleteQueueCommand({ QueueUrl: gone.sqsUrl }));
  // Later than a queue's first minute, in which the dispatch would wait for it.
  harness.runtime.clock.advance(60_000);
  for (const text of ['{"accountId":1}', 'no JSON', `{"accountId":1,"text":"${'x'.repeat(150_000)}"}`]) {
    await put(harness, text);
  }
  const post = (path: string, body: object): Promise<Response> =>
    fetch(harness.runtime.url + path, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json' },
    });
  await post('/notify/1/session/a', { text: 'z'.repeat(150_000) });
  const events = [
    { message: { accountId: 1, text: 'z'.repeat(150_000) } },
    { message: { accountId: 1, sessionId: 'a' }, idempotencyKey: 'once' },
  ];
  // The second call finds the key taken.
  for (let call = 0; call < 2; call += 1) await post('/publish', { events });
  const noSend = harness.runtime.faults.add({
    call: 'sqs:SendMessageBatch',
    function: 'DeliverBatch',
    when: 'before',
    error: { name: 'AccessDenied', message: 'injected', status: 403 },
  });
  await visit('/notify/1/session/a?msg=deadLettered');
  await put(harness, `{"accountId":1,"text":"${'y'.repeat(150_000)}"}`);
  noSend();
  await visit('/create/1/gone/7');
  await visit('/destroy/1/b');
  sqs.destroy();
};

const kinds: readonly FaultError[] = [{ name: 'AccessDeniedException', message: 'injected' }, 'killed', 'timeout'];
const tasks: Readonly<Record<string, readonly string[]>> = {
  '/create/2/new': ['StartCreate', 'IssueKeys', 'MakeQueue', 'RecordSession', 'UndoCreate'],
  '/create/2/a': ['StartCreate', 'SetPolicy'],
  '/renew/2/a': ['IssueKeys', 'SetPolicy', 'RecordRenewal'],
  '/status/2/a': ['FindSession', 'IssueKeys'],
  '/status': ['ListSessions'],
  '/notify/2': ['RouteMessages', 'DeliverBatch'],
  '/destroy/2/a': ['RemoveRecord', 'DeleteQueue', 'DeleteIdentity'],
  '/cleanup': ['PlanCleanup', 'SweepShard', 'SweepIdentities'],
};

/** Every route while one of its functions fails, and requests that are refused. */
const failEverything = async (harness: ServiceHarness, journal: Journal): Promise<void> => {
  for (const [path, names] of Object.entries(tasks)) {
    for (const name of names) {
      for (const error of kinds) {
        await ask(harness, journal, '/create/2/a');
        const remove = harness.runtime.faults.add({ function: name, when: 'after', error });
        await ask(harness, journal, path);
        remove();
      }
    }
  }
  for (const path of ['/create/x/a', '/status/2/none', '/renew/2/none', '/status?nextToken=x', '/nowhere']) {
    await ask(harness, journal, path);
  }
};

/** Time passes, and what nobody uses is cleaned up. */
const cleanUp = async (harness: ServiceHarness, journal: Journal): Promise<void> => {
  await harness.create(3, 'left');
  // As an older version has recorded it.
  await harness.runtime.ask('dynamodb', 'UpdateItem', {
    TableName: harness.runtime.outputs['SessionTableName'],
    Key: { accountId: { N: '3' }, sessionId: { S: 'left' } },
    UpdateExpression: 'SET secretKey = :old',
    ExpressionAttributeValues: { ':old': { S: 'a key of an older version' } },
  });
  const sqs = new SQSClient(clientOf(harness));
  await sqs.send(new CreateQueueCommand({ QueueName: 'brws-dev-0123456789abcdef0123456789abcdef0' }));
  sqs.destroy();
  harness.runtime.clock.advance(12 * hour - 60_000);
  await ask(harness, journal, '/cleanup');
};

/** Has the service do everything it does, well and badly. */
export const useService = async (harness: ServiceHarness): Promise<Journal> => {
  const journal: Journal = { answers: [], secrets: new Set(), names: new Set() };
  harness.runtime.executions.on((execution) => {
    const text = JSON.stringify(execution);
    for (const [, secret = ''] of text.matchAll(/"(?:secretKey|sessionToken|token)":"([^"]+)"/g))
      journal.secrets.add(secret);
    for (const [, id = ''] of text.matchAll(/"identityId":"([^"]+)"/g)) journal.names.add(id);
  });
  await useEverything(harness, journal);
  await failEverything(harness, journal);
  await cleanUp(harness, journal);
  return journal;
};

/** All messages of a queue, as text. */
export const readQueue = async (harness: ServiceHarness, name: string): Promise<string> => {
  const sqs = new SQSClient(clientOf(harness));
  const QueueUrl = harness.runtime.outputs[name];
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  sqs.destroy();
  return JSON.stringify(Messages ?? []);
};
