import { CognitoIdentityClient, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import { GetOpenIdTokenForDeveloperIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ListQueuesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Session } from '../../client/shared/session.ts';
import { ServiceHarness } from '../lifecycle/service-harness.ts';
import { mintCredentials, nobody, settingsOf, type Credentials } from './mint.ts';
import { contextOf } from '../tools/identities.ts';

const administrator: Credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

// Synthesized one after the other, before the tests' time counts.
const harnesses = {
  guests: await ServiceHarness.start(contextOf('guests')),
  developer: await ServiceHarness.start(contextOf('developer')),
};

describe.each(['guests', 'developer'] as const)('with identities=%s', (identities) => {
  const harness = harnesses[identities];
  let session: Session;
  let stolen: Credentials;

  beforeAll(async () => {
    session = await harness.create(1, 'a');
    const { accessKey, secretKey, sessionToken } = session;
    stolen = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
  });

  afterAll(() => harness[Symbol.asyncDispose]());

  const sqs = (credentials: Credentials) => new SQSClient(settingsOf(harness.runtime, credentials));
  const receive = (credentials: Credentials) =>
    sqs(credentials).send(new ReceiveMessageCommand({ QueueUrl: session.sqsUrl }));

  /** Mints credentials with each name and tries the session's queue with them. */
  const openedWith = async (names: Iterable<string>): Promise<string[]> => {
    const opened: string[] = [];
    for (const sessionName of names) {
      const minted = mintCredentials(harness.runtime, { identityId: session.identityId, sessionName });
      await minted.then(receive).then(
        () => opened.push(sessionName),
        () => undefined,
      );
    }
    return opened;
  };

  /** Every text in JSON, at any depth, that STS takes for a session name. */
  const namesIn = (text: string): Set<string> => new Set(text.match(/[\w+=,.@-]{2,64}/g));

  test('a renewal and a status give keys of their own, which open the queue', async () => {
    for (const path of ['/renew/1/a', '/status/1/a']) {
      const { status, body } = await harness.call<Session>(path);
      expect(status).toBe(200);
      expect(body.accessKey).not.toBe(session.accessKey);
      expect(await harness.keysWork(body)).toBe(true);
    }
  });

  test('stolen keys read the queue and say their session name, but neither attributes nor other queues', async () => {
    await expect(receive(stolen)).resolves.toBeDefined();
    const client = sqs(stolen);
    const attributes = new GetQueueAttributesCommand({ QueueUrl: session.sqsUrl, AttributeNames: ['Policy'] });
    await expect(client.send(attributes)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(client.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test(`stolen keys with the identity id ${identities === 'guests' ? 'can' : 'cannot'} be renewed by their thief`, async () => {
    const { Arn = '' } = await new STSClient(settingsOf(harness.runtime, stolen)).send(
      new GetCallerIdentityCommand({}),
    );
    const name = Arn.slice(Arn.lastIndexOf('/') + 1);
    expect(await openedWith([name])).toEqual(identities === 'guests' ? [name] : []);
  });

  test(`a reader of queue attributes ${identities === 'guests' ? 'opens the queue' : 'opens nothing'}`, async () => {
    const { Attributes } = await sqs(administrator).send(
      new GetQueueAttributesCommand({ QueueUrl: session.sqsUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes?.['Policy']).toContain(session.identityId);
    const names = [...namesIn(JSON.stringify(Attributes))].map((name) => name.replace(/^.*:/, ''));
    expect((await openedWith(names)).length).toBe(identities === 'guests' ? 2 : 0);
  });

  test('a reader of the table opens nothing', async () => {
    const TableName = harness.runtime.outputs['SessionTableName'];
    const { Items } = await new DynamoDBClient(settingsOf(harness.runtime, administrator)).send(
      new ScanCommand({ TableName }),
    );
    expect(JSON.stringify(Items)).toContain(session.identityId);
    expect(await openedWith(namesIn(JSON.stringify(Items)))).toEqual([]);
  });

  test(`${identities === 'guests' ? 'everybody' : 'nobody'} makes identities without a permission`, async () => {
    const cognito = new CognitoIdentityClient(settingsOf(harness.runtime, nobody));
    const IdentityPoolId = harness.runtime.outputs['IdentityPoolId'];
    const made = cognito.send(new GetIdCommand({ IdentityPoolId }));
    if (identities === 'guests') await expect(made).resolves.toHaveProperty('IdentityId');
    else await expect(made).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  test('neither stolen keys nor a stranger vouch for an identity', async () => {
    const IdentityPoolId = harness.runtime.outputs['IdentityPoolId'];
    for (const credentials of [stolen, nobody]) {
      const cognito = new CognitoIdentityClient(settingsOf(harness.runtime, credentials));
      const Logins = { 'sqs-browser': 'somebody' };
      const vouched = cognito.send(new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId, Logins }));
      await expect(vouched).rejects.toMatchObject({
        name: expect.stringMatching(/^(AccessDenied|UnrecognizedClient)Exception$/),
      });
    }
  });
});
