import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import { startEmulator, type TemplateObject } from 'aws-template-emulator';
import { synthesize } from '../../operations/start/synthesis.ts';

const document = await readFile(new URL('../../docs/security.md', import.meta.url), 'utf8');

/** The policies that docs/security.md has to copy, by the name in the comment above each. */
const policies = new Map(
  Array.from(document.matchAll(/<!-- policy: ([^>]+) -->\s+```json\n(.*?)```/gs), ([, name = '', text = '']) => [
    name,
    text,
  ]),
);

const { template } = await synthesize();
const { Resources, ...rest } = JSON.parse(await readFile(template, 'utf8')) as TemplateObject & {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
};
const logicalIdOf = (type: string): string =>
  Object.entries(Resources).find(([, { Type }]) => Type === type)?.[0] ?? '';
const parts = {
  Api: { Ref: logicalIdOf('AWS::ApiGateway::RestApi') },
  Stage: { Ref: logicalIdOf('AWS::ApiGateway::Stage') },
};
const api = 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${Stage}/';

/** The policy with the stage's ARN in place of `API`. */
const withApi = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('API/')
      ? { 'Fn::Sub': [api + value.slice('API/'.length), parts] }
      : value,
  );

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const roles = [...policies].map(([name, text], index): [string, object] => [
  `Backend${index}`,
  {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name.replaceAll(' ', '-'),
      AssumeRolePolicyDocument: trust,
      Policies: [{ PolicyName: 'Api', PolicyDocument: withApi(text) }],
    },
  },
]);

const emulator = await startEmulator({
  template: { ...rest, Resources: { ...Resources, ...Object.fromEntries<object>(roles) } },
  assetFolder: dirname(template),
  apiAuth: 'iam',
});
afterAll(() => emulator.stop());

const paths = [
  ...['/create/12345/s', '/create/12345/s/7', '/create/6/s', '/renew/12345/s', '/renew/6/s'],
  ...['/status', '/status/12345', '/status/12345/s', '/destroy/12345/s', '/destroy/6/s', '/cleanup'],
  ...['/notify/12345', '/notify/12345/session/s', '/notify/12345/session/s/user/7', '/notify/12345/user/7', '/publish'],
];

/** What a role's policy lets through; what the service answers then does not matter. */
const allowedTo = async (name: string): Promise<string[]> => {
  const credentials = emulator.issueCredentials(name.replaceAll(' ', '-'), 'backend');
  const client = new AwsClient({ ...credentials, region: 'us-east-1', service: 'execute-api', retries: 0 });
  const allowed: string[] = [];
  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      const { status } = await client.fetch(emulator.url + path, { method });
      if (status !== 403) allowed.push(`${method} ${path}`);
    }
  }
  return allowed;
};

const posted = (pattern: RegExp): string[] => paths.filter((path) => pattern.test(path)).map((path) => `POST ${path}`);

test.each([
  ['sessions', posted(/^\/(create|renew|destroy)\//)],
  ['one account', posted(/^\/(create|renew|destroy)\/12345\//)],
  ['notify', posted(/^\/notify\//)],
  ['publish', posted(/^\/publish$/)],
  ['lists', ['GET /status', 'GET /status/12345']],
  ['cleanup', ['POST /cleanup']],
])('the policy “%s” of docs/security.md allows what it says, and nothing else', async (name, expected) => {
  expect(await allowedTo(name)).toEqual(expected);
});

test('every policy of docs/security.md is tried', () => {
  expect([...policies.keys()]).toEqual(['sessions', 'one account', 'notify', 'publish', 'lists', 'cleanup']);
});
