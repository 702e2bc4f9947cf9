import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as cognitoIdentity from '@aws-sdk/client-cognito-identity';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as iam from '@aws-sdk/client-iam';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { accessDenied, denialCodes } from '../../access/denials.ts';
import { errorStatus, statedStatus } from '../../protocols/error-statuses.ts';
import { queryErrorCode } from '../../protocols/query-error-codes.ts';

/** An error's schema in the SDK: its kind, which is -3, its namespace, its name and its traits. */
type ErrorSchema = readonly [kind: -3, namespace: string, name: string, traits: Traits, ...rest: unknown[]];

interface Traits {
  readonly error?: 'client' | 'server';
  readonly httpError?: number;
  readonly awsQueryError?: readonly [code: string, status: number];
}

const isErrorSchema = (value: unknown): value is ErrorSchema =>
  Array.isArray(value) && value[0] === -3 && typeof value[3] === 'object';

interface Modelled {
  readonly service: string;
  readonly model: object;
  /** The folder with the service's code. Default: the service's name. */
  readonly folder?: string;
}

const models: readonly Modelled[] = [
  { service: 'cloudformation', model: cloudFormation },
  { service: 'cognito-identity', model: cognitoIdentity },
  { service: 'dynamodb', model: dynamodb },
  { service: 'iam', model: iam },
  { service: 'kinesis', model: kinesis },
  { service: 'lambda', model: lambda },
  { service: 'logs', model: logs },
  { service: 'monitoring', model: cloudWatch, folder: 'cloudwatch' },
  { service: 's3', model: s3 },
  { service: 'sqs', model: sqs },
  { service: 'states', model: sfn, folder: 'step-functions' },
  { service: 'sts', model: sts },
];

/** Services whose answers have the codes of the query protocol, which their models name beside the shapes. */
const queryServices = ['cloudformation', 'iam', 'sts'];

/** The errors of a model by the code that the service answers, with the model's status. */
const modelledErrors = ({ service, model }: Modelled): ReadonlyMap<string, number> => {
  const exported: readonly unknown[] = Object.values(model);
  return new Map(
    exported.filter(isErrorSchema).map(([, , name, traits]) => {
      const code = queryServices.includes(service) ? (traits.awsQueryError?.[0] ?? name) : name;
      return [code, traits.httpError ?? (traits.error === 'server' ? 500 : 400)];
    }),
  );
};

const emulator = join(import.meta.dirname, '..', '..');

/** The codes that the sources in a folder, with those below it, throw. */
const thrownIn = (...folder: readonly string[]): readonly string[] =>
  readdirSync(join(emulator, ...folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .flatMap((text) => [...text.matchAll(/new AwsError\(\s*'(\w+)'/g)].map(([, code = '']) => code));

describe.each(models)('$service', (modelled) => {
  const { service, folder = service } = modelled;
  const errors = modelledErrors(modelled);

  test('answers every error of its model with the status of the model', () => {
    expect(errors.size).toBeGreaterThan(10);
    const answered = [...errors.keys()].map((code) => [code, errorStatus(service, { code, status: undefined })]);
    expect(answered).toEqual([...errors]);
  });

  test('answers no other error than those that have a source', () => {
    const codes = [...thrownIn(folder), ...denialCodes(service), 'UnknownOperationException', 'InternalFailure'];
    expect(codes.filter((code) => !errors.has(code) && statedStatus(service, code) === undefined)).toEqual([]);
  });
});

test('each error that a protocol answers has a status', () => {
  const services = models.map(({ service }) => service);
  const isStated = (code: string): boolean =>
    services.some((service) => statedStatus(service, code) !== undefined) ||
    models.some((modelled) => modelledErrors(modelled).has(code));
  expect(thrownIn('protocols').filter((code) => !isStated(code))).toEqual([]);
});

test('SQS answers over the query protocol with the codes of its model', () => {
  const exported: readonly unknown[] = Object.values(sqs);
  const named = exported
    .filter(isErrorSchema)
    .flatMap(([, , name, { awsQueryError }]) => (awsQueryError ? [[name, awsQueryError[0]] as const] : []))
    // No queue here has a KMS key.
    .filter(([name]) => !name.startsWith('Kms'));
  expect(named.map(([name]) => [name, queryErrorCode(name)])).toEqual(named);
});

test('a status that is given counts', () => {
  expect(errorStatus('sqs', { code: 'OverLimit', status: 503 })).toBe(503);
});

test('Lambda answers 413 to an event that is too large, and 429 when it is throttled', () => {
  const statusOf = (code: string): number => errorStatus('lambda', { code, status: undefined });
  expect(['RequestEntityTooLargeException', 'TooManyRequestsException'].map(statusOf)).toEqual([413, 429]);
});

// amazon-kinesis-producer#49
test('Kinesis answers expired keys with 400, SQS with 403', () => {
  expect(errorStatus('kinesis', { code: 'ExpiredTokenException', status: undefined })).toBe(400);
  expect(errorStatus('sqs', { code: 'ExpiredToken', status: undefined })).toBe(403);
});

test.each([
  ['cloudformation', 'AccessDenied', 403],
  ['iam', 'AccessDenied', 403],
  ['monitoring', 'AccessDenied', 403],
  ['logs', 'AccessDeniedException', 400],
  ['lambda', 'AccessDeniedException', 403],
])('%s refuses what no policy allows as %s, %d', (service, code, status) => {
  const denied = accessDenied(service, 'no');
  expect([denied.code, errorStatus(service, denied)]).toEqual([code, status]);
});
