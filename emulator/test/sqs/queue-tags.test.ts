import { expect, test } from '@jest/globals';
import { CreateQueueCommand, ListQueueTagsCommand, TagQueueCommand } from '@aws-sdk/client-sqs';
import { client, errorOf, newName, newQueue } from './queues.ts';

const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, '']));

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
const cases: readonly (readonly [what: string, tags: Record<string, string>, error: string])[] = [
  ['50 tags', tags(50), 'none'],
  ['51 tags', tags(51), 'InvalidParameterValue'],
  ['a key of 128 characters', { ['ä'.repeat(128)]: 'b c' }, 'none'],
  ['a key of 129 characters', { ['a'.repeat(129)]: '' }, 'InvalidParameterValue'],
  ['a value of 257 characters', { a: 'b'.repeat(257) }, 'InvalidParameterValue'],
  ['a key that begins with aws:', { 'aws:a': '' }, 'InvalidParameterValue'],
  ['a key with a star', { 'a*': '' }, 'InvalidParameterValue'],
];

test.each(cases)('CreateQueue with %s', async (_what, given, error) => {
  expect(await errorOf(client.send(new CreateQueueCommand({ QueueName: newName(), tags: given })))).toBe(error);
});

test.each(cases)('TagQueue with %s', async (_what, given, error) => {
  const QueueUrl = await newQueue();
  expect(await errorOf(client.send(new TagQueueCommand({ QueueUrl, Tags: given })))).toBe(error);
  const { Tags } = await client.send(new ListQueueTagsCommand({ QueueUrl }));
  expect(Tags).toEqual(error === 'none' ? given : undefined);
});
