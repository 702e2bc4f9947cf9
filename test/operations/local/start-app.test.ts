import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp } from '../../../operations/local/start-app.ts';

let app: string;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'app-'));
});

afterAll(() => rm(app, { recursive: true }));

const Queue = { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'Mine/Push/SessionApi/Queue' } };
const Outputs = { QueueName: { Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } };
const Vpc = { Type: 'AWS::EC2::VPC', Metadata: { 'aws:cdk:path': 'Mine/Vpc/Resource' } };

const start = async (stack: string, Resources: object) => {
  await writeFile(join(app, `${stack}.template.json`), JSON.stringify({ Resources, Outputs }));
  return startApp({ app, stack }, {});
};

test('a stack runs whole when all of it is supported', async () => {
  const { emulator, leftOut } = await start('Whole', { Queue });
  await emulator.stop();
  expect(leftOut).toEqual([]);
});

test('services run without what is not supported beside them, and the reason is said', async () => {
  const { emulator, ...rest } = await start('Mixed', { Queue, Vpc });
  await emulator.stop();
  expect(rest).toEqual({ leftOut: ['Vpc'], reason: 'Vpc: resources of type AWS::EC2::VPC are not supported' });
  expect([emulator.stackName, emulator.outputs['QueueName']]).toEqual([
    'Mixed',
    expect.stringMatching(/^Mixed-Queue-/),
  ]);
});

test('a service that uses what is not supported is refused', async () => {
  const user = { ...Queue, DependsOn: 'Vpc' };
  await expect(start('Refused', { Queue: user, Vpc, Other: { ...Vpc, Type: 'AWS::EC2::Subnet' } })).rejects.toThrow(
    'resources of type AWS::EC2::VPC are not supported',
  );
});
