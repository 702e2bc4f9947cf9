import { describe, expect, test } from '@jest/globals';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
} from '@aws-sdk/client-sqs';
import type { CreateQueueCommandInput } from '@aws-sdk/client-sqs';
import { client, clock, config, errorOf, newName } from '../queues.ts';

const create = (input: CreateQueueCommandInput) => client.send(new CreateQueueCommand(input));

const policy = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }],
  });

test('answers a URL of the address the caller used', async () => {
  const QueueName = newName();
  const { QueueUrl } = await create({ QueueName });
  expect(QueueUrl).toBe(`${config.endpoint}/000000000000/${QueueName}`);
});

test('keeps attributes and tags', async () => {
  const QueueName = newName();
  const Attributes = { VisibilityTimeout: '7', Policy: policy('sqs:SendMessage') };
  const { QueueUrl } = await create({ QueueName, Attributes, tags: { owner: 'me' } });
  const answer = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(answer.Attributes).toMatchObject(Attributes);
  expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ owner: 'me' });
});

describe('with a name in use', () => {
  test('answers the queue when the attributes are the same', async () => {
    const request = { QueueName: newName(), Attributes: { VisibilityTimeout: '7', Policy: policy('sqs:SendMessage') } };
    const { QueueUrl } = await create(request);
    expect((await create(request)).QueueUrl).toBe(QueueUrl);
  });

  test('answers the queue when no attributes are given', async () => {
    const QueueName = newName();
    const { QueueUrl } = await create({ QueueName, Attributes: { VisibilityTimeout: '7' } });
    expect((await create({ QueueName })).QueueUrl).toBe(QueueUrl);
  });

  test.each([
    ['an attribute', { VisibilityTimeout: '7' }, { VisibilityTimeout: '8' }],
    ['the policy', { Policy: policy('sqs:SendMessage') }, { Policy: policy('sqs:ReceiveMessage') }],
    ['a policy where there was none', {}, { Policy: policy('sqs:ReceiveMessage') }],
  ])('refuses to change %s', async (_, before, after) => {
    const QueueName = newName();
    await create({ QueueName, Attributes: before });
    const refused = create({ QueueName, Attributes: after });
    await expect(refused).rejects.toMatchObject({ name: 'QueueNameExists', $metadata: { httpStatusCode: 400 } });
  });
});

test('refuses the name of a deleted queue for 60 seconds', async () => {
  const QueueName = newName();
  const { QueueUrl } = await create({ QueueName });
  await client.send(new DeleteQueueCommand({ QueueUrl }));
  clock.advance(59_000);
  expect(await errorOf(create({ QueueName }))).toBe('QueueDeletedRecently');
  clock.advance(1_000);
  expect(await errorOf(create({ QueueName }))).toBe('none');
});

test.each(['with space', 'a/b', 'umlaut-ä', 'x'.repeat(81), 'orders.fifo', '*'])(
  'refuses the name %s',
  async (QueueName) => {
    expect(await errorOf(create({ QueueName }))).toBe('InvalidParameterValue');
  },
);

test('takes a name of 80 characters', async () => {
  expect(await errorOf(create({ QueueName: 'N_-'.padEnd(80, '9') }))).toBe('none');
});

test.each([
  [{ VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
  [{ MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
  [{ DelaySeconds: '1.5' }, 'InvalidAttributeValue'],
  [{ SqsManagedSseEnabled: 'yes' }, 'InvalidAttributeValue'],
  [{ Policy: 'no policy' }, 'InvalidAttributeValue'],
  [{ Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}' }, 'InvalidAttributeValue'],
  [{ Unheard: '1' }, 'InvalidAttributeName'],
  [{ __proto__: null, constructor: '1' }, 'InvalidAttributeName'],
  [{ FifoQueue: 'true' }, 'UnsupportedOperation'],
  [{ RedrivePolicy: '{}' }, 'UnsupportedOperation'],
])('refuses the attributes %j', async (Attributes, error) => {
  expect(await errorOf(create({ QueueName: newName(), Attributes: Attributes as Record<string, string> }))).toBe(error);
});

test('refuses a policy statement of more than seven actions', async () => {
  const actions = ['Send', 'Receive', 'Delete', 'Purge', 'Change', 'Get', 'List', 'Tag'].map((name) => `sqs:${name}*`);
  const Policy = JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: actions, Resource: '*' } });
  const refused = create({ QueueName: newName(), Attributes: { Policy } });
  await expect(refused).rejects.toThrow('A statement has at most 7 actions');
});
