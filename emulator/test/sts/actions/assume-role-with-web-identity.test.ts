import { CognitoIdentityClient, GetIdCommand, GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity';
import { PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import type { PolicyStatement } from '../../../service.ts';
import { serveGuarded, testRole } from '../../access/guarded-server.ts';

const pool = 'us-east-1:11111111-2222-4333-8444-555555555555';
const otherPool = 'us-east-1:99999999-2222-4333-8444-555555555555';
const trust: PolicyStatement = {
  Effect: 'Allow',
  Principal: { Federated: 'cognito-identity.amazonaws.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { 'cognito-identity.amazonaws.com:aud': pool },
    'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
  },
};
const browser = testRole('browser', [], trust);
const stranger = testRole('stranger');
const server = await serveGuarded([browser, stranger]);
const aging = await serveGuarded([browser]);
for (const { cognito } of [server, aging]) {
  for (const id of [pool, otherPool]) {
    cognito.createPool(id, { AllowUnauthenticatedIdentities: true, AllowClassicFlow: true });
  }
}

const makeToken = async (poolId = pool, at = server) => {
  const cognito = new CognitoIdentityClient(at.client());
  const { IdentityId } = await cognito.send(new GetIdCommand({ IdentityPoolId: poolId }));
  const { Token } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId }));
  return { identityId: IdentityId ?? '', token: Token ?? '' };
};

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const readOnly = (name: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: arn(name) }],
  });

const assume = async (input: object = {}, at = server) => {
  const request = {
    RoleArn: browser.arn,
    RoleSessionName: 'f00d',
    WebIdentityToken: 'WebIdentityToken' in input ? undefined : (await makeToken(pool, at)).token,
    ...input,
  };
  return new STSClient(at.client()).send(new AssumeRoleWithWebIdentityCommand(request));
};

describe('a guest with a token', () => {
  test('gets keys of the role for the time asked for', async () => {
    const { identityId, token } = await makeToken();
    const answer = await assume({ WebIdentityToken: token, DurationSeconds: 14_400, Policy: readOnly('mine') });
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: identityId,
      Audience: pool,
      Provider: 'cognito-identity.amazonaws.com',
      AssumedRoleUser: {
        AssumedRoleId: `${browser.id}:f00d`,
        Arn: 'arn:aws:sts::000000000000:assumed-role/browser/f00d',
      },
      PackedPolicySize: 7,
    });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    expect([AccessKeyId?.slice(0, 4), AccessKeyId?.length, SecretAccessKey?.length]).toEqual(['ASIA', 20, 40]);
    expect(SessionToken?.length).toBeGreaterThan(300);
    const left = (Expiration?.getTime() ?? 0) - server.clock.now();
    expect(Math.abs(left - 14_400_000)).toBeLessThan(5000);
  });

  test('gets an hour when it does not say', async () => {
    const { Credentials } = await assume();
    const left = (Credentials?.Expiration?.getTime() ?? 0) - server.clock.now();
    expect(Math.abs(left - 3_600_000)).toBeLessThan(5000);
  });

  test('may use a token that expires within ten minutes until then', async () => {
    const { token } = await makeToken(pool, aging);
    aging.clock.advance(9 * 60_000);
    await expect(assume({ WebIdentityToken: token }, aging)).resolves.toMatchObject({ Audience: pool });
    aging.clock.advance(2 * 60_000);
    await expect(assume({ WebIdentityToken: token }, aging)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('what is refused', () => {
  test.each<[title: string, input: object | (() => Promise<object>), name: string, status: number]>([
    ['a token that nobody issued', { WebIdentityToken: 'a.b.c' }, 'InvalidIdentityTokenException', 400],
    [
      'a token of another pool',
      async () => ({ WebIdentityToken: (await makeToken(otherPool)).token }),
      'AccessDenied',
      403,
    ],
    ['a role that does not trust guests', { RoleArn: stranger.arn }, 'AccessDenied', 403],
    ['a role that is not there', { RoleArn: 'arn:aws:iam::000000000000:role/none' }, 'AccessDenied', 403],
    ['a session name with a colon', { RoleSessionName: 'us-east-1:abc' }, 'ValidationError', 400],
    ['a session name of one character', { RoleSessionName: 'a' }, 'ValidationError', 400],
    ['less than fifteen minutes', { DurationSeconds: 899 }, 'ValidationError', 400],
    ['more than twelve hours', { DurationSeconds: 43_201 }, 'ValidationError', 400],
    ['more than the role allows', { DurationSeconds: 14_401 }, 'ValidationError', 400],
    ['a policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocumentException', 400],
    ['a policy longer than 2048 characters', { Policy: ' '.repeat(2049) }, 'ValidationError', 400],
    ['policy ARNs', { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] }, 'ValidationError', 400],
    ['another provider', { ProviderId: 'graph.facebook.com' }, 'ValidationError', 400],
    ['no token', { WebIdentityToken: undefined }, 'ValidationError', 400],
  ])('%s', async (_title, input, name, status) => {
    const refused = assume(typeof input === 'function' ? await (input as () => Promise<object>)() : input);
    await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });
});

describe('the keys', () => {
  const grant = (name: string, condition: object) => {
    server.sqs.setPolicy(name, {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: browser.arn },
          Action: 'sqs:*',
          Resource: arn(name),
          Condition: condition,
        },
      ],
    });
  };

  const guest = async (policyFor: string) => {
    const { identityId, token } = await makeToken();
    const { Credentials } = await assume({ WebIdentityToken: token, Policy: readOnly(policyFor) });
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    } = Credentials ?? {};
    return { identityId, sqs: new SQSClient(server.client({ accessKeyId, secretAccessKey, sessionToken })) };
  };

  const receive = (sqs: SQSClient, name: string) =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl: `${server.url}/000000000000/${name}` }));

  test('read a queue that names their identity and session, and nothing else', async () => {
    for (const name of ['mine', 'other']) server.sqs.createQueue(name, {});
    const { identityId, sqs } = await guest('mine');
    const mine = {
      StringEquals: { 'aws:userid': `${browser.id}:f00d` },
      StringEqualsIfExists: { 'cognito-identity.amazonaws.com:sub': identityId },
    };
    grant('mine', mine);
    grant('other', mine);
    await expect(receive(sqs, 'mine')).resolves.toBeDefined();
    await expect(receive(sqs, 'other')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('because no session policy allows the sqs:receivemessage action'),
    });
    const purge = sqs.send(new PurgeQueueCommand({ QueueUrl: `${server.url}/000000000000/mine` }));
    await expect(purge).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('do not read a queue that names another identity', async () => {
    server.sqs.createQueue('theirs', {});
    const { sqs } = await guest('theirs');
    grant('theirs', { StringEqualsIfExists: { 'cognito-identity.amazonaws.com:sub': 'us-east-1:0' } });
    await expect(receive(sqs, 'theirs')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
