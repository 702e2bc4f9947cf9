import { describe, expect, test } from '@jest/globals';
import { BackendClient, type BackendOptions } from '../../../client/backend/backend.ts';
import { readSettings } from '../../../client/backend/settings.ts';

const apiUrl = 'https://abc.execute-api.eu-west-1.amazonaws.com/dev';

/** An environment with these variables and no others. */
const withVariables = (env: Readonly<Record<string, string>> = {}) => ({
  ...{ fetch, setTimeout, Date, process: { env } },
  clearTimeout: () => undefined,
});

const settings = (options: Partial<BackendOptions>, env: Readonly<Record<string, string>> = {}) =>
  readSettings({ apiUrl, streamName: 'events', environment: withVariables(env), ...options });

test('has defaults', () => {
  expect(settings({})).toMatchObject({ apiUrl, region: 'eu-west-1', attempts: 4, timeout: 30_000 });
});

test('an option that is undefined is one that is not given', () => {
  const options = {
    region: undefined,
    attempts: undefined,
    retry: undefined,
    timeout: undefined,
    kinesisUrl: undefined,
  };
  expect(settings(options)).toMatchObject({ region: 'eu-west-1', attempts: 4, timeout: 30_000 });
  expect(new BackendClient({ apiUrl, streamName: process.env['NO_SUCH_VARIABLE'] })).toBeInstanceOf(BackendClient);
});

describe('refuses', () => {
  test.each([
    ['apiUrl', { apiUrl: '' }],
    ['apiUrl', { apiUrl: 'abc.execute-api.eu-west-1.amazonaws.com/dev' }],
    ['apiUrl', { apiUrl: 'ftp://localhost' }],
    ['apiUrl', { apiUrl: apiUrl.replace('https', 'http') }],
    ['apiUrl', { apiUrl: 'http://localhost.example.com' }],
    ['apiUrl', { apiUrl: 'http://127.0.0.1.example.com' }],
    ['region', { apiUrl: 'https://events.example.com' }],
    ['attempts', { attempts: 0 }],
    ['attempts', { attempts: 1.5 }],
    ['timeout', { timeout: 0 }],
    ['timeout', { timeout: NaN }],
    ['timeout', { timeout: 2 ** 31 }],
  ])('a wrong %s: %j', (field, wrong) => {
    expect(() => settings(wrong)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest', field, message: expect.stringContaining(`${field} is `) }),
    );
  });

  test.each([
    ['kinesisUrl', { kinesisUrl: 'http://kinesis.example.com' }, {}],
    ['AWS_ENDPOINT_URL', {}, { AWS_ENDPOINT_URL: 'http://kinesis.example.com' }],
  ])('a wrong %s for publish alone', (field, wrong, env) => {
    const { stream } = settings(wrong, env);
    expect(stream).toThrow(expect.objectContaining({ name: 'InvalidRequest', field }));
  });
});

test.each([
  'http://127.0.0.1:4000',
  'http://localhost:4000',
  'http://[::1]:4000/',
  'http://api.localhost',
  'http://127.1',
])('takes %s without TLS, for it is on this machine', (url) => {
  expect(settings({ apiUrl: url })).toMatchObject({ apiUrl: url.replace(/\/$/, ''), region: 'us-east-1' });
});

test.each([
  ['the option', { region: 'eu-central-2' }, { AWS_REGION: 'eu-west-3' }, 'eu-central-2'],
  ['the URL of the API', {}, { AWS_REGION: 'eu-west-3' }, 'eu-west-1'],
  ['AWS_REGION', { apiUrl: 'https://a.example.com' }, { AWS_REGION: 'a-1', AWS_DEFAULT_REGION: 'b-1' }, 'a-1'],
  ['AWS_DEFAULT_REGION', { apiUrl: 'http://localhost:4000' }, { AWS_DEFAULT_REGION: 'b-1' }, 'b-1'],
])('reads the region from %s', (_from, options, env, region) => {
  expect(settings(options, env).region).toBe(region);
});

const local = 'http://localhost:1';

test.each([
  ['the option', { kinesisUrl: 'https://a.example.com/' }, { AWS_ENDPOINT_URL: local }, 'https://a.example.com/'],
  ['its own variable', {}, { AWS_ENDPOINT_URL_KINESIS: 'http://[::1]:2', AWS_ENDPOINT_URL: local }, 'http://[::1]:2/'],
  ['the variable of all services', {}, { AWS_ENDPOINT_URL: local }, `${local}/`],
  ['the local service', { apiUrl: 'http://localhost:4000/dev' }, {}, 'http://localhost:4000/'],
  ['the Region', {}, {}, 'https://kinesis.eu-west-1.amazonaws.com/'],
])('finds Kinesis by %s', (_by, options, env, url) => {
  expect(settings(options, env).stream()).toEqual({ name: 'events', url });
});

test('has no stream without the name of one', () => {
  expect(settings({ streamName: undefined }, {}).stream()).toBeUndefined();
});

test('finds Kinesis by the Region when configured endpoints are ignored', () => {
  const env = { AWS_ENDPOINT_URL: local, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
  expect(settings({}, env).stream()?.url).toBe('https://kinesis.eu-west-1.amazonaws.com/');
});
