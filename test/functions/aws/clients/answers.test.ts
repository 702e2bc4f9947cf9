import { inspect } from 'node:util';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import * as cognito from '@aws-sdk/client-cognito-identity';
import * as dynamoDb from '@aws-sdk/client-dynamodb';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { AwsError, failureOf } from '../../../../functions/aws/errors.ts';
import { settings, startAnsweringServer, type AnswerOptions } from './answering-server.ts';
import { calls, type SameCall } from './calls.ts';

const server = await startAnsweringServer();
const once = { ...settings, endpoint: server.endpoint, maxAttempts: 1 };
const sdkOnce = { ...once, disableHostPrefix: true };

afterEach(() => {
  server.answer({});
});

afterAll(() => server.stop());

const callOf = (action: string): SameCall => {
  const found = calls.find((call) => call.action === action);
  if (!found) throw new Error(`There is no call of ${action}`);
  return found;
};

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The names of the errors that the SDK's module for a service has classes for. */
const errorNames = (module: object): string[] =>
  Object.entries(module).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'function' && value.prototype instanceof Error && !name.endsWith('ServiceException') ? [name] : [],
  );

/** How each service says an error, as its protocol has it. */
const json = (name: string): AnswerOptions => ({
  status: 400,
  body: JSON.stringify({ __type: name, message: 'arn:aws:x' }),
});
const xml = (name: string): AnswerOptions => ({
  status: 400,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${name}</Code><Message>m &lt;x&gt;</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});
const objectXml = (name: string): AnswerOptions => ({
  status: 400,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${name}</Code><Message>m</Message><Key>k</Key><RequestId>r</RequestId></Error>`,
});

describe.each([
  ['Cognito', 'GetId', errorNames(cognito), json],
  ['DynamoDB', 'Query', errorNames(dynamoDb), (name: string) => json(`com.amazonaws.dynamodb.v20120810#${name}`)],
  ['S3', 'GetObject', errorNames(s3), objectXml],
  ['SQS', 'CreateQueue', errorNames(sqs), (name: string) => json(`com.amazonaws.sqs#${name}`)],
  ['Step Functions', 'StartExecution', errorNames(sfn), json],
  ['STS', 'AssumeRoleWithWebIdentity', errorNames(sts), xml],
])('%s', (_, action, names, answer) => {
  test('fails by the names that the AWS SDK gives its errors', async () => {
    const { ours, sdk } = callOf(action);
    for (const name of [...names, 'AccessDenied']) {
      server.answer(answer(name));
      expect(await errorOf(ours(once))).toMatchObject({ name: nameOf(await errorOf(sdk(sdkOnce))), status: 400 });
    }
  });
});

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'none');

describe('an error', () => {
  test.each<[string, AnswerOptions, readonly string[]]>([
    [
      'SQS says by its older name too',
      {
        status: 400,
        headers: { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
        body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}',
      },
      ['QueueDoesNotExist', 'NonExistentQueue'],
    ],
    [
      'is in a header',
      { status: 400, headers: { 'x-amzn-errortype': 'ValidationException:http://internal.amazon.com/coral/' } },
      ['ValidationException'],
    ],
    ['has no code', { status: 503, body: '<html>Service Unavailable</html>' }, []],
  ])('that %s has its codes', async (_, answer, codes) => {
    server.answer(answer);
    expect(await errorOf(callOf('CreateQueue').ours(once))).toMatchObject({ codes, status: answer.status });
  });

  test.each<[string, AnswerOptions | 'never', string, string]>([
    ['a server without a code', { status: 502, body: '<html>' }, 'CreateQueue', 'UpstreamUnavailable'],
    [
      'a server that sends half of an answer',
      { body: '{"QueueUrl":', isCutOff: true },
      'CreateQueue',
      'UpstreamUnavailable',
    ],
    ['a server that does not answer in time', 'never', 'CreateQueue', 'UpstreamUnavailable'],
    ['a server that answers something else', { body: 'hello' }, 'CreateQueue', 'UpstreamFailed'],
    [
      'a redirect',
      { status: 301, headers: { location: 'http://elsewhere.example/' } },
      'CreateQueue',
      'UpstreamFailed',
    ],
  ])('of %s is known', async (_, answer, action, failure) => {
    server.answer(answer);
    const timeouts = { connectionTimeout: 1000, requestTimeout: answer === 'never' ? 10 : 60_000 };
    const error = await errorOf(callOf(action).ours({ ...once, timeouts }));
    expect(failureOf(error, 'x').name).toBe(failure);
  });

  test.each<[string, AnswerOptions | 'never']>([
    ['AWS answers', json('AccessDeniedException')],
    ['the network answers', { body: '{', isCutOff: true }],
    ['nobody answers', 'never'],
  ])('that %s has no credentials in it', async (_, answer) => {
    server.answer(answer);
    const timeouts = { connectionTimeout: 1000, requestTimeout: 10 };
    for (const { ours } of calls) {
      const shown = inspect(await errorOf(ours({ ...once, timeouts })), { depth: 20, showHidden: true });
      expect(shown).not.toMatch(/the-secret-key|the\/session|a\.b-c_d|Authorization/i);
    }
  });

  test('of a host that nobody listens at is one of the network', async () => {
    const closed = await startAnsweringServer();
    await closed.stop();
    const error = await errorOf(callOf('Query').ours({ ...once, endpoint: closed.endpoint }));
    expect(failureOf(error, 'x').message).toBe('x did not answer: Error');
  });
});

describe('a call', () => {
  const throttled = json('ThrottlingException');
  test.each<[string, AnswerOptions[], number]>([
    ['that is throttled is made once more', [throttled, {}], 2],
    ['that is throttled twice fails', [throttled], 2],
    ['that a server fails is made once more', [{ status: 500 }, {}], 2],
    ['that is refused is not made again', [json('AccessDeniedException')], 1],
  ])('%s', async (_, answers, times) => {
    server.answer(...answers);
    const error = await errorOf(callOf('Query').ours({ ...once, maxAttempts: 2 }));
    expect(server.arrived).toHaveLength(times);
    expect(error instanceof AwsError).toBe(answers.length === 1);
  });

  test.each([
    ['Query', 2],
    ['GetId', 2],
    ['CreateQueue', 2],
    ['AssumeRoleWithWebIdentity', 2],
    ['StartSyncExecution', 1],
    ['StartExecution', 1],
  ])('of %s is made at most %i times', async (action, times) => {
    server.answer({ status: 500 });
    await errorOf(callOf(action).ours({ ...settings, endpoint: server.endpoint }));
    expect(server.arrived).toHaveLength(times);
  });
});

describe('an answer', () => {
  test('of JSON is what the service said', async () => {
    const body = '{"Identities":[{"CreationDate":1.7E9,"IdentityId":"é"}],"NextToken":"n"}';
    server.answer({ body });
    expect(await callOf('ListIdentities').ours(once)).toEqual(JSON.parse(body));
    server.answer({ body: '' });
    expect(await callOf('SetQueueAttributes').ours(once)).toEqual({});
  });

  test('of S3 is the content of the object as it is', async () => {
    const body = '\uFEFF<Code>é</Code>';
    server.answer({ body });
    expect(await callOf('GetObject').ours(once)).toEqual({ Body: body });
  });

  test('of STS is read from XML', async () => {
    const credentials = {
      AccessKeyId: 'ASIA',
      SecretAccessKey: 'a/b+c=',
      SessionToken: 'x//y+z==',
      Expiration: '2026-01-01T00:00:00Z',
    };
    const elements = Object.entries(credentials).map(([name, value]) => `\n      <${name}>${value}</${name}>`);
    const body = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Credentials>${elements.join('')}
    </Credentials>
    <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/b/n</Arn><AssumedRoleId>A:n</AssumedRoleId></AssumedRoleUser>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`;
    server.answer({ body });
    expect(await callOf('AssumeRoleWithWebIdentity').ours(once)).toMatchObject(credentials);
    server.answer({ body });
    const Expiration = new Date(credentials.Expiration);
    expect(await callOf('AssumeRoleWithWebIdentity').sdk(sdkOnce)).toMatchObject({
      Credentials: { ...credentials, Expiration },
    });
  });

  test('with attributes is what the document client of the AWS SDK makes of it', async () => {
    const item =
      '{"a":{"N":"1.5"},"b":{"S":"é"},"c":{"BOOL":true},"d":{"L":[{"NULL":true}]},"e":{"M":{"f":{"N":"-1"}}}}';
    for (const [action, body] of [
      ['GetItem', `{"Item":${item}}`],
      ['GetItem', '{}'],
      ['UpdateItem', `{"Attributes":${item}}`],
      ['Scan', `{"Items":[${item},{}],"Count":2,"LastEvaluatedKey":${item}}`],
    ] as const) {
      server.answer({ body });
      const { ours, sdk } = callOf(action);
      expect(await sdk(sdkOnce)).toMatchObject(Object(await ours(once)) as object);
    }
  });
});
