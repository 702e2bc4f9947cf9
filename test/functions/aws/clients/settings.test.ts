import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { openDynamoDb, openSqs, openStepFunctions } from '../../../../functions/aws/clients.ts';
import { urlSuffixVariable } from '../../../../functions/aws/environment.ts';
import { settings, startAnsweringServer } from './answering-server.ts';
import { calls } from './calls.ts';

const server = await startAnsweringServer();
const environment = { ...process.env };

afterEach(() => {
  server.answer({});
  process.env = { ...environment };
});

afterAll(() => server.stop());

/** A Region of each partition, and what `AWS::URLSuffix` is there. */
const partitions = [
  ['eu-west-1', 'amazonaws.com'],
  ['cn-north-1', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'amazonaws.com'],
  ['us-iso-east-1', 'c2s.ic.gov'],
  ['us-isob-east-1', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'csp.hci.ic.gov'],
  ['eusc-de-east-1', 'amazonaws.eu'],
] as const;

test.each(partitions)('in %s actions are called at the hosts that the AWS SDK calls', async (region, suffix) => {
  process.env[urlSuffixVariable] = suffix;
  const hosts: string[] = [];
  const handle = ({ hostname }: { readonly hostname: string }): Promise<never> => {
    hosts.push(hostname);
    return Promise.reject(new Error('It is not sent'));
  };
  const sdkOptions = { ...settings, region, maxAttempts: 1, requestHandler: { handle } };
  for (const { sdk } of calls) await sdk(sdkOptions).catch(() => undefined);
  expect(calls.map(({ hostOf }) => hostOf({ ...settings, region }))).toEqual(hosts);
});

describe('an endpoint', () => {
  test('is the one that is configured for the service, else for all', () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
    process.env['AWS_ENDPOINT_URL_SFN'] = 'http://127.0.0.1:2';
    expect(openDynamoDb(settings).hostOf('Query')).toBe('127.0.0.1:1');
    expect(openStepFunctions(settings).hostOf('StartSyncExecution')).toBe('127.0.0.1:2');
  });

  test("is never the host in a queue's URL", async () => {
    const client = openSqs({ ...settings, endpoint: server.endpoint });
    await client.call('DeleteQueue', { QueueUrl: 'http://127.0.0.1:1/1/q' });
    client.destroy();
    expect(server.arrived).toHaveLength(1);
  });

  test('needs a Region', () => {
    delete process.env['AWS_REGION'];
    expect(() => openSqs()).toThrow('The environment has no AWS_REGION');
  });
});

describe('credentials', () => {
  test('are read of the environment for each call', async () => {
    const client = openSqs({ region: 'eu-west-1', endpoint: server.endpoint });
    for (const id of ['AKIAFIRST', 'ASIASECOND']) {
      process.env['AWS_ACCESS_KEY_ID'] = id;
      process.env['AWS_SECRET_ACCESS_KEY'] = 's';
      process.env['AWS_SESSION_TOKEN'] = id === 'AKIAFIRST' ? '' : 'token';
      await client.call('ListQueues', {});
    }
    client.destroy();
    expect(server.arrived.map(({ headers }) => headers.authorization?.split('/')[0])).toEqual([
      'AWS4-HMAC-SHA256 Credential=AKIAFIRST',
      'AWS4-HMAC-SHA256 Credential=ASIASECOND',
    ]);
    expect(server.arrived.map(({ headers }) => headers['x-amz-security-token'])).toEqual([undefined, 'token']);
  });

  test('that are missing are named', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    const client = openSqs({ region: 'eu-west-1', endpoint: server.endpoint });
    await expect(client.call('ListQueues', {})).rejects.toThrow('The environment has no AWS credentials');
  });
});
