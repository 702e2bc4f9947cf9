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
])('%s is most like %s', (path, route) => {
  expect(nearestRoute(routes, path)).toBe(route);
});

test('a path that is very long takes no longer', () => {
  expect(nearestRoute(['/a', '/b'], `/${'a'.repeat(100_000)}`)).toBe('/a');
});

test('without routes there is none', () => {
  expect(nearestRoute([], '/orders')).toBeUndefined();
});
