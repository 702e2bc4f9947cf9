import { describe, expect, test } from '@jest/globals';
import { createAccess } from '../../access/index.ts';
import { MovableClock } from '../../clock.ts';
import type { PolicyStatement } from '../../service.ts';
import { testRole } from './guarded-server.ts';

const pool = 'us-east-1:12345678-corner-cafe-123456790ab';
const guests: PolicyStatement = {
  Effect: 'Allow',
  Principal: { Federated: 'cognito-identity.amazonaws.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { 'cognito-identity.amazonaws.com:aud': pool },
    'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
  },
};
const machines: PolicyStatement = {
  Effect: 'Allow',
  Principal: { Service: 'states.amazonaws.com' },
  Action: 'sts:AssumeRole',
  Condition: {
    StringEquals: { 'aws:SourceAccount': '000000000000' },
    ArnLike: { 'aws:SourceArn': 'arn:aws:states:us-east-1:000000000000:stateMachine:*' },
  },
};

const roles = { guests: testRole('guests', [], guests), machines: testRole('machines', [], machines) };
const access = createAccess({
  clock: new MovableClock(),
  accountId: '000000000000',
  region: 'us-east-1',
  roles: Object.values(roles),
});

const guest = (aud: string, amr = ['unauthenticated'], federated = 'cognito-identity.amazonaws.com') => ({
  party: { federated },
  action: 'sts:AssumeRoleWithWebIdentity',
  context: { 'cognito-identity.amazonaws.com:aud': aud, 'cognito-identity.amazonaws.com:amr': amr },
});

/** Source: Amazon Cognito Developer Guide, role-trust-and-permissions. */
describe('a trust policy for guests of a pool', () => {
  test.each([
    ['trusts guests of the pool', guest(pool), true],
    ['does not trust guests of another pool', guest('us-east-1:other'), false],
    ['does not trust authenticated identities', guest(pool, ['authenticated', 'graph.facebook.com']), false],
    ['does not trust another provider', guest(pool, undefined, 'accounts.google.com'), false],
    ['does not trust another action', { ...guest(pool), action: 'sts:AssumeRole' }, false],
    ['does not trust a service', { ...guest(pool), party: { service: 'lambda.amazonaws.com' } }, false],
  ])('%s', (_title, request, outcome) => {
    expect(access.trusts(roles.guests, request)).toBe(outcome);
  });
});

/** Source: AWS Step Functions Developer Guide, procedure-create-iam-role, on the confused deputy. */
describe('a trust policy for state machines of the account', () => {
  const request = (machine: string) => ({
    party: { service: 'states.amazonaws.com' },
    action: 'sts:AssumeRole',
    context: { 'aws:SourceAccount': '000000000000', 'aws:SourceArn': machine },
  });

  test.each([
    ['trusts one of its machines', 'arn:aws:states:us-east-1:000000000000:stateMachine:create', true],
    ['does not trust an activity', 'arn:aws:states:us-east-1:000000000000:activity:create', false],
    ["does not trust another account's machine", 'arn:aws:states:us-east-1:111122223333:stateMachine:create', false],
  ])('%s', (_title, machine, outcome) => {
    expect(access.trusts(roles.machines, request(machine))).toBe(outcome);
  });
});

test.each([
  ['a resource', { ...guests, Resource: '*' }, 'A trust policy has no Resource'],
  ['NotPrincipal', { ...guests, Principal: undefined, NotPrincipal: '*' }, 'exactly one of Principal and NotPrincipal'],
])('a trust policy with %s is refused', (_what, statement, message) => {
  const broken = [testRole('broken', [], statement)];
  expect(() => createAccess({ clock: new MovableClock(), accountId: '0', region: 'r', roles: broken })).toThrow(
    message,
  );
});
