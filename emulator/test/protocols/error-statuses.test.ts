import * as cognitoIdentity from '@aws-sdk/client-cognito-identity';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { errorStatus } from '../../protocols/error-statuses.ts';
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

const models: readonly (readonly [service: string, model: object])[] = [
  ['cognito-identity', cognitoIdentity],
  ['dynamodb', dynamodb],
  ['kinesis', kinesis],
  ['s3', s3],
  ['sqs', sqs],
  ['states', sfn],
  ['sts', sts],
];

describe.each(models)('%s', (service, model) => {
  const exported: readonly unknown[] = Object.values(model);
  const errors = exported.filter(isErrorSchema);

  test('answers every error of its model with the status of the model', () => {
    expect(errors.length).toBeGreaterThan(10);
    const expected = errors.map(([, , name, traits]) => {
      const code = service === 'sts' ? (traits.awsQueryError?.[0] ?? name) : name;
      return [code, traits.httpError ?? (traits.error === 'server' ? 500 : 400)];
    });
    const answered = expected.map(([code]) => [code, errorStatus(service, { code: String(code), status: undefined })]);
    expect(answered).toEqual(expected);
  });
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

// amazon-kinesis-producer#49
test('Kinesis answers expired keys with 400, SQS with 403', () => {
  expect(errorStatus('kinesis', { code: 'ExpiredTokenException', status: undefined })).toBe(400);
  expect(errorStatus('sqs', { code: 'ExpiredToken', status: undefined })).toBe(403);
});
