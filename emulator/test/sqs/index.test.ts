import { describe, expect, test } from '@jest/globals';
import { createSqs } from '../../sqs/index.ts';
import { access, location } from '../service-server.ts';

const sqs = createSqs({ ...location, access });
const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
};
sqs.createQueue('open', { VisibilityTimeout: 5, Tags: [] });
sqs.setPolicy('open', policy);

const needed = (action: string, parameters: object) => sqs.actions[action]?.permissions?.({ ...parameters });

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/open';
const resource = 'arn:aws:sqs:us-east-1:000000000000:open';

test.each([
  ['ReceiveMessage', 'sqs:ReceiveMessage'],
  ['SendMessage', 'sqs:SendMessage'],
  ['SendMessageBatch', 'sqs:SendMessage'],
  ['DeleteMessage', 'sqs:DeleteMessage'],
  ['DeleteMessageBatch', 'sqs:DeleteMessage'],
  ['ChangeMessageVisibility', 'sqs:ChangeMessageVisibility'],
  ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
  ['GetQueueAttributes', 'sqs:GetQueueAttributes'],
  ['SetQueueAttributes', 'sqs:SetQueueAttributes'],
  ['DeleteQueue', 'sqs:DeleteQueue'],
  ['PurgeQueue', 'sqs:PurgeQueue'],
  ['ListQueueTags', 'sqs:ListQueueTags'],
  ['TagQueue', 'sqs:TagQueue'],
  ['UntagQueue', 'sqs:UntagQueue'],
])('%s needs %s on the queue, whose policy may grant it', (action, permission) => {
  expect(needed(action, { QueueUrl })).toMatchObject([{ action: permission, resource, resourcePolicy: policy }]);
});

test('GetQueueUrl needs its permission on the queue it names', () => {
  expect(needed('GetQueueUrl', { QueueName: 'open' })).toMatchObject([{ action: 'sqs:GetQueueUrl', resource }]);
});

test('ListQueues needs its permission on everything', () => {
  expect(needed('ListQueues', { QueueNamePrefix: 'open' })).toEqual([{ action: 'sqs:ListQueues', resource: '*' }]);
});

describe('CreateQueue', () => {
  test('needs its permission on the queue to be', () => {
    const created = 'arn:aws:sqs:us-east-1:000000000000:new';
    expect(needed('CreateQueue', { QueueName: 'new' })).toMatchObject([
      { action: 'sqs:CreateQueue', resource: created },
    ]);
  });

  test('needs the permission to tag as well when tags are given', () => {
    const actions = needed('CreateQueue', { QueueName: 'new', tags: {} })?.map(({ action }) => action);
    expect(actions).toEqual(['sqs:CreateQueue', 'sqs:TagQueue']);
  });
});

test.each([
  ['a queue that does not exist', 'http://127.0.0.1:4000/000000000000/none', 'arn:aws:sqs:us-east-1:000000000000:none'],
  ["another account's queue", 'http://127.0.0.1:4000/111111111111/open', 'arn:aws:sqs:us-east-1:111111111111:open'],
  ['no queue URL at all', { not: 'a text' }, '*'],
])('nobody but the caller can allow a call on %s', (_, url, expected) => {
  expect(needed('ReceiveMessage', { QueueUrl: url })).toEqual([{ action: 'sqs:ReceiveMessage', resource: expected }]);
});
