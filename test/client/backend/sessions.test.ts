import { expect, test } from '@jest/globals';
import { forBrowser } from '../../../client/backend/backend.ts';
import { description } from './fake-service.ts';

test('a page gets neither the identity nor what a later service may add', () => {
  const { identityId, ...rest } = description;
  expect(identityId).toBeDefined();
  expect(forBrowser({ ...description, ...{ queueArn: 'arn:aws:sqs:eu-west-1:111122223333:brws-0f' } })).toEqual(rest);
});

test('a session without a user stays without one', () => {
  const { userId, ...anonymous } = description;
  expect(userId).toBeDefined();
  expect(forBrowser(anonymous)).not.toHaveProperty('userId');
});
