import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SFNClient, ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { roleSession } from '../../access/index.ts';
import { Interceptors } from '../../interceptors.ts';
import { AwsError } from '../../service.ts';
import { serveGuarded, testRole } from './guarded-server.ts';

const arn = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const sender = testRole('sender', [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn }]);
const nobody = testRole('nobody');
const faults: { before?: Error; after?: Error } = {};
const interceptors = new Interceptors();
interceptors.add('before', '*', () => {
  if (faults.before) throw faults.before;
});
interceptors.add('after', '*', () => {
  if (faults.after) throw faults.after;
});
const server = await serveGuarded([sender, nobody], [interceptors]);
server.sqs.createQueue('jobs', {});
const queueUrl = `${server.url}/000000000000/jobs`;
const aging = await serveGuarded([sender]);

const as = (role: typeof sender) => new SQSClient(server.client(server.keysOf(role)));
const send = (role: typeof sender) => as(role).send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x' }));
const lastRecord = () => server.records.at(-1);

beforeEach(() => {
  delete faults.before;
  delete faults.after;
});

describe('a role is held to its policies', () => {
  test('what they allow is done and recorded', async () => {
    await send(sender);
    expect(lastRecord()).toMatchObject({
      service: 'sqs',
      action: 'SendMessage',
      outcome: 'answered',
      principal: { roleName: 'sender', sessionName: 'test' },
      permissions: [{ action: 'sqs:SendMessage', resource: arn }],
    });
  });

  test('what they do not allow is denied as SQS words it, and recorded', async () => {
    await expect(send(nobody)).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:sts::000000000000:assumed-role/nobody/test is not authorized to perform: sqs:sendmessage on resource: ' +
        `${arn} because no identity-based policy allows the sqs:sendmessage action`,
      $metadata: { httpStatusCode: 403 },
    });
    expect(lastRecord()).toMatchObject({ action: 'SendMessage', outcome: 'denied', error: 'AccessDenied' });
  });

  test('other services answer AccessDeniedException', async () => {
    const client = new SFNClient(server.client(server.keysOf(nobody)));
    await expect(client.send(new ListStateMachinesCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: states:ListStateMachines because'),
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('the administrator may do everything', async () => {
    await expect(new SQSClient(server.client()).send(new ListQueuesCommand({}))).resolves.toMatchObject({
      QueueUrls: [queueUrl],
    });
  });

  test('keys stop working when they expire', async () => {
    const client = new SQSClient({ ...aging.client(aging.keysOf(sender)), maxAttempts: 2 });
    aging.clock.advance(3_600_001);
    const sending = client.send(new ListQueuesCommand({}));
    await expect(sending).rejects.toMatchObject({ name: 'ExpiredToken' });
  });

  test('names the statements that allow a call', () => {
    const session = roleSession(sender, 'x');
    expect(server.access.grantsUsed(session, { action: 'sqs:SendMessage', resource: arn })).toEqual([
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn },
    ]);
    expect(server.access.grantsUsed(session, { action: 'sqs:PurgeQueue', resource: arn })).toEqual([]);
  });
});

describe('faults', () => {
  test('before a call leave it undone', async () => {
    faults.before = new AwsError('RequestThrottled', 'slow down', 403);
    await expect(send(sender)).rejects.toMatchObject({ name: 'RequestThrottled' });
    expect(lastRecord()).toMatchObject({ outcome: 'refused', error: 'RequestThrottled' });
  });

  test('after a call are all the caller sees of it', async () => {
    faults.after = new AwsError('InternalError', 'lost', 500);
    await expect(send(sender)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });

  test('of our own are answered as an internal failure', async () => {
    faults.before = new Error('a bug');
    await expect(send(sender)).rejects.toMatchObject({ name: 'InternalFailure', message: 'a bug' });
  });
});

describe('what is not supported is refused by name', () => {
  test.each([
    ['AmazonSQS.StartMessageMoveTask', 'The emulator does not support sqs:StartMessageMoveTask'],
    ['Logs_20140328.PutLogEvents', 'The emulator does not support logs:PutLogEvents'],
    ['AWSGlue.GetTables', 'The emulator does not support AWSGlue:GetTables'],
  ])('%s', async (target, message) => {
    const response = await fetch(server.url, { method: 'POST', headers: { 'x-amz-target': target }, body: '{}' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message });
  });
});

test('the supported actions are listed by service', () => {
  expect(server.calls.supported).toContain('sts:AssumeRoleWithWebIdentity');
  expect([...server.calls.supported]).toEqual([...server.calls.supported].sort());
});
