import { AwsClient } from 'aws4fetch';
import { describe, expect, test } from '@jest/globals';
import { administrator, refusal, region, sessionSchema, startStack } from './stack.ts';

const stack = await startStack({ apiAuth: 'iam' });

const signed = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
  new AwsClient({ ...credentials, region, service: 'execute-api', retries: 0 });

const statusWith = async (
  client: AwsClient,
  path: string,
): Promise<{ readonly status: number; readonly json: unknown }> => {
  const response = await client.fetch(stack.runtime.url + path);
  const json: unknown = await response.json();
  return { status: response.status, json };
};

describe('with API_AUTH=iam', () => {
  test('an unsigned request gets 403', async () => {
    expect(await stack.call('/status')).toMatchObject({ status: 403, json: refusal('AccessDenied') });
  });

  test('a request with a wrong signature gets 403', async () => {
    const client = signed({ ...administrator, secretAccessKey: 'wrong' });
    expect(await statusWith(client, '/status')).toMatchObject({ status: 403, json: refusal('AccessDenied') });
  });

  test('a signed request is served', async () => {
    expect(await statusWith(signed(administrator), '/create/1/a')).toMatchObject({
      status: 200,
      json: { sessionId: 'a' },
    });
  });

  test('the keys of a session may not call the API', async () => {
    const { json } = await statusWith(signed(administrator), '/create/1/b');
    const { accessKey, secretKey, sessionToken } = sessionSchema.parse(json);
    const client = signed({ accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken });
    expect(await statusWith(client, '/status')).toMatchObject({ status: 403, json: refusal('AccessDenied') });
  });
});
