/** The API against its description: `schemathesis` must be on the PATH. https://schemathesis.readthedocs.io */
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';

let service: Emulator;

beforeAll(async () => {
  service = await startService({});
});

afterAll(() => service.stop());

/** Not checked: API Gateway answers a method that a route does not have with 403, and takes unsigned requests here. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

test('answers as its description says, whatever is asked', async () => {
  const args = ['run', `${service.url}/openapi.json`, '--checks', checks.join(','), '--max-examples', '15'];
  const run = promisify(execFile)('schemathesis', [...args, '--generation-deterministic', '--no-color'], {
    ...{ cwd: tmpdir(), maxBuffer: 100 * 1024 * 1024 },
  });
  const { stdout } = await run.catch((error: unknown) => ({ stdout: (error as { readonly stdout: string }).stdout }));
  expect(stdout).toMatch(/25 selected \/ 25 total/);
  expect(stdout).not.toMatch(/FAILURES|ERRORS|❌/);
});
