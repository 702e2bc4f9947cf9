import { expect, test } from '@jest/globals';
import { MovableClock } from '../clock.ts';
import type { Quotas } from '../quotas.ts';
import { limitCalls } from '../quotas.ts';
import type { Principal } from '../service.ts';

const role: Principal = { type: 'role', roleArn: 'arn', roleName: 'r', roleId: 'id', sessionName: 's' };

/** Makes calls until one is refused, at most 1,000; how many were let through. */
const caller = (raised: Quotas = {}, principal: Principal = role) => {
  const clock = new MovableClock({ standsAt: 0 });
  const before = limitCalls(clock, raised).hook('before');
  const passes = (service: string, action: string): boolean => {
    try {
      void before({ service, action, principal, parameters: {} });
      return true;
    } catch {
      return false;
    }
  };
  return {
    clock,
    before,
    count: (service: string, action: string): number => {
      let passed = 0;
      while (passed < 1_000 && passes(service, action)) passed += 1;
      return passed;
    },
  };
};

test.each([
  ['GetId', 25],
  ['GetOpenIdToken', 200],
  ['ListIdentities', 5],
])('%s may be called %d times a second', (action, rate) => {
  const { clock, count } = caller();
  expect(count('cognito-identity', action)).toBe(rate);
  clock.advance(1_000 / rate);
  expect(count('cognito-identity', action)).toBe(1);
  clock.advance(60_000);
  expect(count('cognito-identity', action)).toBe(rate);
});

test('a call too many is refused with the error of its service', () => {
  const { before, count } = caller();
  count('cognito-identity', 'GetId');
  expect(() => before({ service: 'cognito-identity', action: 'GetId', principal: role, parameters: {} })).toThrow(
    expect.objectContaining({ code: 'TooManyRequestsException' }),
  );
});

test('a raised quota lets more calls through', () => {
  expect(caller({ 'cognito-identity:GetId': 150 }).count('cognito-identity', 'GetId')).toBe(150);
});

test('the administrator and calls without a quota are never refused', () => {
  expect(caller({}, { type: 'administrator' }).count('cognito-identity', 'GetId')).toBe(1_000);
  expect(caller().count('sqs', 'SendMessage')).toBe(1_000);
});

test.each([
  [{ 'sqs:SendMessage': 5 }, 'There is no quota of sqs:SendMessage'],
  [{ 'cognito-identity:GetId': 0 }, 'must be at least 1 a second'],
])('%j is refused', (raised, message) => {
  expect(() => limitCalls(new MovableClock(), raised)).toThrow(message);
});
