import { afterAll } from '@jest/globals';
import { createAccess, roleSession } from '../../access/index.ts';
import type { Access, Role } from '../../access/index.ts';
import type { Calls, CallsOptions } from '../../calls.ts';
import { createCalls } from '../../calls.ts';
import { MovableClock } from '../../clock.ts';
import { createCognitoIdentity } from '../../cognito-identity/index.ts';
import type { CognitoIdentity } from '../../cognito-identity/index.ts';
import { createS3 } from '../../s3/index.ts';
import type { S3 } from '../../s3/index.ts';
import { openServer } from '../../server.ts';
import type { CallRecord, PolicyStatement, Service } from '../../service.ts';
import { createSqs } from '../../sqs/index.ts';
import type { Sqs } from '../../sqs/index.ts';
import { createSts } from '../../sts/index.ts';

export const accountId = '000000000000';
export const region = 'us-east-1';

const document = (...statements: readonly PolicyStatement[]) => ({ Version: '2012-10-17', Statement: statements });

/** A role for tests. Its trust policy lets Lambda assume it unless given. */
export const testRole = (name: string, policies: readonly PolicyStatement[] = [], trust?: PolicyStatement): Role => ({
  arn: `arn:aws:iam::${accountId}:role/${name}`,
  name,
  id: `AROA${name.toUpperCase().padEnd(17, '7').slice(0, 17)}`,
  trustPolicy: document(
    trust ?? { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ),
  policies: policies.length > 0 ? [document(...policies)] : [],
  maxSessionSeconds: 14_400,
});

/** Answers without looking at anything: what a service does that the tests are not about. */
const echo = (name: string, ...actions: readonly string[]): Service => ({
  name,
  actions: Object.fromEntries(
    actions.map((action) => [
      action,
      { permissions: () => [{ action: `${name}:${action}`, resource: '*' }], run: (parameters) => ({ ...parameters }) },
    ]),
  ),
});

export interface GuardedServer {
  readonly url: string;
  readonly clock: MovableClock;
  readonly access: Access;
  readonly calls: Calls;
  readonly sqs: Sqs;
  readonly s3: S3;
  readonly cognito: CognitoIdentity;
  /** Every call so far. */
  readonly records: readonly CallRecord[];
  /** What an SDK client is configured with; the administrator's keys unless others are given. */
  client(credentials?: object): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    maxAttempts: number;
  };
  /** Keys of a session of the role, valid for an hour. */
  keysOf(role: Role, sessionName?: string): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

/** Serves the AWS services with these roles on a free port until the tests of this file have ended. */
export const serveGuarded = async (
  roles: readonly Role[] = [],
  hooks: CallsOptions['hooks'] = [],
): Promise<GuardedServer> => {
  const clock = new MovableClock();
  const location = { clock, accountId, region };
  const access = createAccess({ ...location, roles });
  const sqs = createSqs({ ...location, access });
  const s3 = createS3({ clock, readPolicy: (text) => access.readResourcePolicy(text) });
  const cognito = createCognitoIdentity(location);
  const sts = createSts({ clock, access, accountId, readToken: (token) => cognito.readToken(token) });
  const others = [
    echo('kinesis', 'PutRecord'),
    echo('dynamodb', 'GetItem'),
    echo('states', 'StartSyncExecution', 'ListStateMachines'),
  ];
  const records: CallRecord[] = [];
  const calls = createCalls({
    services: [sqs, s3, cognito, sts, ...others],
    access,
    onCall: (record) => records.push(record),
    hooks,
  });
  const server = await openServer({ clock, port: 0 });
  server.serve({
    calls,
    access,
    fallback: ({ method, path, query }) => ({ status: 418, headers: {}, body: `${method} ${path} ${query}` }),
  });
  afterAll(async () => {
    sqs.stop();
    clock.stop();
    await server.close();
  });
  const administrator = { accessKeyId: 'local', secretAccessKey: 'local' };
  return {
    url: server.url,
    clock,
    access,
    calls,
    sqs,
    s3,
    cognito,
    records,
    client: (credentials = {}) => ({
      endpoint: server.url,
      region,
      credentials: { ...administrator, ...credentials },
      maxAttempts: 1,
    }),
    keysOf: (role, sessionName = 'test') => {
      const { accessKeyId, secretAccessKey, sessionToken } = access.issueCredentials(
        roleSession(role, sessionName),
        clock.now() + 3_600_000,
      );
      return { accessKeyId, secretAccessKey, sessionToken };
    },
  };
};
