/**
 * Web pages that attack the services on a developer's machine, in Chromium: `npm start` with its API, AWS services, console and
 * example, and the example's own server.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import type { Emulator } from 'aws-template-emulator';
import { BackendClient } from 'sqs-browser/backend';
import * as z from 'zod/mini';
import { account } from '../../examples/app/people.ts';
import { createSite } from '../../examples/app/site.ts';
import { listen, type WebServer } from '../../examples/app/web-server.ts';
import { consoleSites } from '../../operations/start/console.ts';
import { lazyExample } from '../../operations/start/example.ts';
import { startService } from '../../operations/start/service.ts';
import { Attacker, origins, tryForm, tryFetch, tryFrame, tryImage, type From } from './attacker.ts';
import { serviceContext } from '../tools/identities.ts';
import { worstCase } from '../tools/worst-case.ts';

const attributesSchema = z.object({ Attributes: z.record(z.string(), z.string()) });

let service: Emulator;
let server: WebServer;
let attacker: Attacker;
let client: BackendClient;
/** For each test a session of the developer's own, with a secret message in its queue. */
let victim: { readonly sessionId: string; readonly sqsUrl: string };

const administrator = { accessKeyId: 'local', secretAccessKey: 'local', region: 'us-east-1' };

beforeAll(async () => {
  service = await startService({
    ...{ context: serviceContext, warm: true, worstCase },
    sites: { '/example': lazyExample(() => service), ...consoleSites(() => service) },
  });
  client = new BackendClient({ apiUrl: service.url, credentials: administrator });
  server = await listen(createSite(client), 0);
  attacker = await Attacker.open();
});

beforeEach(async () => {
  victim = await client.createSession({ accountId: 777, sessionId: randomUUID() });
  await client.notify({ accountId: 777, sessionId: victim.sessionId }, { secret: 'crown jewels' });
});

afterAll(async () => {
  await attacker.close();
  await server.stop();
  await service.stop();
});

/** Everything that an attack could have changed. */
const stateOfService = async (): Promise<object> => {
  const list = async (accountId: number): Promise<unknown> =>
    (await fetch(`${service.url}/status/${accountId}`)).json();
  const answer = await service.ask('sqs', 'GetQueueAttributes', {
    QueueUrl: victim.sqsUrl,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  });
  const { Attributes: attributes } = attributesSchema.parse(answer);
  return {
    ...{ victim: await list(777), attackers: await list(666), example: await list(account), attributes },
    hours: Math.abs(Math.round((service.clock.now() - Date.now()) / 3_600_000)),
  };
};

/** Runs an attack from each place; @returns what its page could read. The service must be as it was. */
const attack = async (
  from: From,
  act: (page: Awaited<ReturnType<Attacker['visit']>>) => Promise<unknown>,
  at: string = service.url,
): Promise<unknown> => {
  const before = await stateOfService();
  const visit = await attacker.visit(from, at);
  const read = await act(visit);
  await visit.page.context().close();
  expect(await stateOfService()).toEqual(before);
  return read;
};

/** What a page reads of a refusal: nothing over CORS, and where the name is rebound the refusal itself. */
const isRefused = (from: From, read: unknown): void => {
  expect(read).toEqual(from === 'a rebound name' ? expect.stringMatching(/^4\d\d .*InvalidHost/) : 'nothing');
};

/** A request with the public keys of the administrator, as a page's script would sign it. */
const signed = async (target: string, [service_, action]: readonly [string, string], body: object) => {
  const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': action };
  const init = { method: 'POST', headers: json, body: JSON.stringify(body), aws: { service: service_ } };
  const request = await new AwsClient(administrator).sign(target, init);
  const headers = [...request.headers].filter(([name]) => name !== 'host');
  return { method: 'POST', headers: Object.fromEntries(headers), body: init.body };
};

describe.each(origins)('a page of %s', (from) => {
  test.each([
    [
      'scans the table',
      ['dynamodb', 'DynamoDB_20120810.Scan'],
      () => ({ TableName: service.outputs['SessionTableName'] }),
    ],
    ['lists the tables', ['dynamodb', 'DynamoDB_20120810.ListTables'], () => ({})],
    ['deletes a queue', ['sqs', 'AmazonSQS.DeleteQueue'], () => ({ QueueUrl: victim.sqsUrl })],
    ['reads a queue', ['sqs', 'AmazonSQS.ReceiveMessage'], () => ({ QueueUrl: victim.sqsUrl })],
    ['asks for a token', ['cognito-identity', 'AWSCognitoIdentityService.GetId'], () => ({ IdentityPoolId: 'x' })],
  ] as const)('%s in vain', async (_what, call, body) => {
    const read = await attack(from, async ({ page, target }) =>
      tryFetch(page, `${target}/`, await signed(target, call, body())),
    );
    expect(read).not.toContain('crown jewels');
    // A page may read that SQS refuses it: polling pages of other origins is what SQS is for.
    if (call[0] === 'sqs' && from !== 'a rebound name') expect(read).toMatch(/^403 .*AccessDenied/);
    else isRefused(from, read);
  });

  test('forges no message with a presigned image', async () => {
    const { pathname } = new URL(victim.sqsUrl);
    await attack(from, async ({ page, target }) => {
      const url = `${target}${pathname}?Action=SendMessage&MessageBody=forged&Version=2012-11-05`;
      const presigned = await new AwsClient({ ...administrator, service: 'sqs' }).sign(url, {
        aws: { signQuery: true },
      });
      await tryImage(page, presigned.url);
    });
  });

  test.each(['create/666/evil', 'destroy/777/victim', 'notify/777?secret=forged', 'renew/777/victim'])(
    'calls /%s neither by an image, nor without CORS, nor by a form',
    async (route) => {
      const path = route.replace('victim', victim.sessionId);
      await attack(from, async ({ page, target }) => {
        await tryImage(page, `${target}/${path}`);
        await tryFetch(page, `${target}/${path}`, { mode: 'no-cors' });
        const json = { 'content-type': 'text/plain' };
        await tryFetch(page, `${target}/${path}`, { method: 'POST', mode: 'no-cors', headers: json, body: '{}' });
        await tryForm(page, `${target}/${path}`, { accountId: '777' });
      });
    },
  );

  test.each(['/status', '/status/777/victim', '/create/666/evil', '/openapi.json', '/console/api/sessions', '/'])(
    'reads nothing of %s',
    async (route) => {
      const path = route.replace('victim', victim.sessionId);
      isRefused(from, await attack(from, ({ page, target }) => tryFetch(page, `${target}${path}`)));
    },
  );

  test('changes nothing by the console', async () => {
    const body = JSON.stringify({ accountId: 666, sessionId: 'evil' });
    const read = await attack(from, async ({ page, target }) => {
      const url = `${target}/console/api/create`;
      await tryFetch(page, url, { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body });
      return tryFetch(page, url, { method: 'POST', headers: { 'x-console-token': 'guess' }, body });
    });
    isRefused(from, read);
  });

  test('does not move the clock', async () => {
    const body = JSON.stringify({ advanceSeconds: 86_400 });
    await attack(from, ({ page, target }) =>
      tryFetch(page, `${target}/_local/clock`, { method: 'POST', mode: 'no-cors', body }),
    );
  });

  test.each([
    ['npm start', () => service.url],
    ['the example’s own server', () => server.url],
  ])('logs nobody in to the example of %s, and does not frame it', async (_what, url) => {
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const login = await attack(from, ({ page, target }) => tryFetch(page, `${target}/example/ada/login`, json), url());
    isRefused(from, login);
    await attack(
      from,
      async ({ page, target }) => {
        await tryFetch(page, `${target}/example/ada/login`, { method: 'POST', mode: 'no-cors', body: '{}' });
        await tryForm(page, `${target}/example/ada/login`, { name: 'Ada' });
      },
      url(),
    );
    const framed = await attack(from, ({ page, target }) => tryFrame(page, `${target}/example/`), url());
    expect(framed).not.toContain('Two people');
    isRefused(from, await attack(from, ({ page, target }) => tryFetch(page, `${target}/example/`), url()));
  });
});
