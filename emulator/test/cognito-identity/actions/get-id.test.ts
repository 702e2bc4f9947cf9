import { GetIdCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { closedPoolId, cognito, makeGuest, nobody, poolId, server } from '../guests.ts';

test('makes a new guest each time', async () => {
  const [first, second] = [await makeGuest(), await makeGuest()];
  expect(first).toMatch(/^us-east-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(second).not.toBe(first);
});

test('needs no signature', async () => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityService.GetId' },
    body: JSON.stringify({ IdentityPoolId: poolId }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
});

test.each<[title: string, input: object, name: string, status?: number]>([
  ['a pool that is not there', { IdentityPoolId: nobody }, 'ResourceNotFoundException', 404],
  ['a pool without guests', { IdentityPoolId: closedPoolId }, 'NotAuthorizedException', 403],
  ['an id of the wrong form', { IdentityPoolId: 'POOL' }, 'ValidationException'],
  ['no id', {}, 'ValidationException'],
  ['logins', { IdentityPoolId: poolId, Logins: { 'graph.facebook.com': 't' } }, 'InvalidParameterException'],
])('refuses %s', async (_title, input, name, status = 400) => {
  const refused = cognito.send(new GetIdCommand({ IdentityPoolId: undefined, ...input }));
  await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
});
