import { expect, test } from '@jest/globals';
import { nearestRoute } from '../../api-gateway/nearest-route.ts';

const routes = [
  '/create/{account}/{session}',
  '/create/{account}/{session}/{user}',
  '/renew/{account}/{session}',
  '/cleanup',
];

test.each([
  ['/creat/1/abc', '/create/{account}/{session}'],
  ['/create/1', '/create/{account}/{session}'],
  ['/create/1/abc/7/more', '/create/{account}/{session}/{user}'],
  ['/new/1/abc', '/renew/{account}/{session}'],
  ['/clean-up', '/cleanup'],
  ['/', '/cleanup'],
  [`/${'x'.repeat(10_000)}/1/abc`, '/create/{account}/{session}'],
])('%.20s is most like %s', (path, route) => {
  expect(nearestRoute(routes, path)).toBe(route);
});

test('without routes there is none', () => {
  expect(nearestRoute([], '/orders')).toBeUndefined();
});
