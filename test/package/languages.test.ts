/** The examples of backends in other languages. They need python3 with examples/python/requirements.txt, and go, on the PATH. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';

let service: Emulator;

beforeAll(async () => {
  service = await startService({ apiAuth: 'iam' });
});

afterAll(() => service.stop());

/** Runs an example with the service's credentials, and returns what it printed. */
const run = async (folder: string, command: string, ...args: readonly string[]): Promise<string> => {
  const env = {
    ...process.env,
    API_URL: service.url,
    EVENT_STREAM_NAME: service.outputs['EventStreamName'] ?? '',
    ...{ AWS_ENDPOINT_URL: service.url, AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  };
  const cwd = join(import.meta.dirname, '..', '..', 'examples', folder);
  const { stdout } = await promisify(execFile)(command, args, { cwd, env });
  return stdout;
};

test('a backend in Python opens, renews and ends a session, and sends messages', async () => {
  expect((await run('python', 'python3', 'backend.py')).trim().split('\n')).toEqual([
    "created ['accessKey', 'accountId', 'expires', 'secretKey', 'sessionId', 'sessionToken', 'sqsUrl', 'userId']",
    ...[
      'renewed True',
      'delivered 1 of 1',
      'published 3 once True',
      'put 1',
      'destroyed True',
      'gone 404 SessionNotFound',
    ],
  ]);
});

test('a backend in Go opens and ends a session, and sends messages', async () => {
  expect((await run('go', 'go', 'run', '.')).trim().split('\n')).toEqual([
    ...['created go/session 1', 'delivered 1 of 1', 'published 2', 'destroyed true', 'gone 404 SessionNotFound'],
  ]);
});
