import { expect, test } from '@jest/globals';
import { nearestRoute } from '../../api-gateway/nearest-route.ts';

const routes = [
  '/orders/{customer}/{order}',
  '/orders/{customer}/{order}/{item}',
  '/items/{customer}/{item}',
  '/stock',
];

test.each([
  ['/order/1/abc', '/orders/{customer}/{order}'],
  ['/orders/1', '/orders/{customer}/{order}'],
  ['/orders/1/abc/7/more', '/orders/{customer}/{order}/{item}'],
  ['/item/1/abc', '/items/{customer}/{item}'],
  ['/stocks', '/stock'],
  ['/', '/stock'],
])('%s is most like %s', (path, route) => {
  expect(nearestRoute(routes, path)).toBe(route);
});

test('a path that is very long takes no longer', () => {
  expect(nearestRoute(['/a', '/b'], `/${'a'.repeat(100_000)}`)).toBe('/a');
});

test('without routes there is none', () => {
  expect(nearestRoute([], '/orders')).toBeUndefined();
});
