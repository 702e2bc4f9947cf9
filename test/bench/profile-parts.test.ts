import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { partOf } from '../../bench/profile-parts.ts';

const emulator = join(import.meta.dirname, '..', '..', 'emulator');

test.each([
  ['sqs', 'SQS'],
  ['dynamodb', 'DynamoDB'],
  ['kinesis', 'Kinesis'],
  ['step-functions', 'Step Functions'],
  ['api-gateway', 'API Gateway'],
  ['access/policy', 'evaluating policies'],
  ['access/signature', 'verifying signatures'],
])("the files of the emulator's folder %s count as %s", (folder, part) => {
  const files = readdirSync(join(emulator, folder)).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(0);
  expect(files.map((name) => partOf(`work file://${join(emulator, folder, name)}`))).toEqual(files.map(() => part));
});

test('a stack of no part counts as everything else', () => {
  expect(partOf('(program) ')).toBe('everything else');
});
