import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { App, aws_lambda as lambda, CfnOutput, Stack } from 'aws-cdk-lib';
import { RestApi, StepFunctionsIntegration } from 'aws-cdk-lib/aws-apigateway';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import * as z from 'zod/mini';
import { node, Project } from './project.ts';

const root = join(import.meta.dirname, '..', '..');

const [, example = ''] = /```ts\n(.*?)```/s.exec(readFileSync(join(root, 'emulator', 'README.md'), 'utf8')) ?? [];

const { devDependencies } = z
  .object({ devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

/** A package in the version that this project has. */
const pinned = (name: string): string => `${name}@${devDependencies[name] ?? ''}`;

let project: Project;

beforeAll(async () => {
  project = await Project.withEmulator(...['@aws-sdk/client-sqs', '@aws-sdk/client-sfn', '@types/node'].map(pinned));
});

afterAll(() => project.remove());

test('the example of its README runs, and compiles', async () => {
  const print = "console.log(await emulator.ask('sqs', 'ReceiveMessage', { QueueUrl: emulator.outputs['JobsUrl'] }));";
  const stop = 'await emulator.stop();';
  expect(example).toContain(stop);
  await project.write({
    'example.mjs': example.replace(stop, `${print}\n${stop}`),
    'example.mts': example,
    'tsconfig.json': JSON.stringify({
      compilerOptions: { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'] },
      files: ['example.mts'],
    }),
  });
  expect(await project.run(node, 'example.mjs')).toContain("Body: 'hello'");
  await project.runTool('typescript/bin/tsc', '-p', '.');
});

/** A stack of another project, made of the CDK's constructs with their defaults: an API whose machine runs a function. */
const synthesize = async (folder: string): Promise<void> => {
  const code = join(folder, 'double');
  await mkdir(code);
  await writeFile(join(code, 'index.mjs'), 'export const handler = async ({ number }) => ({ doubled: 2 * number });');
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Shop');
  const double = new lambda.Function(stack, 'Double', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(code),
  });
  const run = new LambdaInvoke(stack, 'Run', {
    lambdaFunction: double,
    payloadResponseOnly: true,
    inputPath: '$.body',
  });
  const machine = new StateMachine(stack, 'Machine', {
    stateMachineType: StateMachineType.EXPRESS,
    definitionBody: DefinitionBody.fromChainable(run),
  });
  const api = new RestApi(stack, 'Api');
  api.root.addResource('double').addMethod('POST', StepFunctionsIntegration.startExecution(machine));
  const orders = new Queue(stack, 'Orders', { enforceSSL: true });
  new CfnOutput(stack, 'ApiUrl', { value: api.url });
  new CfnOutput(stack, 'OrdersUrl', { value: orders.queueUrl });
  app.synth();
};

test('a stack of another project runs, from its API to its function', async () => {
  await synthesize(project.folder);
  await project.write({
    'shop.mjs': `
      import { startEmulator } from 'aws-template-emulator';
      const emulator = await startEmulator({ template: 'cdk.out/Shop.template.json' });
      const { ApiUrl, OrdersUrl } = emulator.outputs;
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(ApiUrl + 'double', { method: 'POST', headers, body: '{"number":21}' });
      console.log(answer.status, JSON.stringify(await answer.json()));
      await emulator.ask('sqs', 'SendMessage', { QueueUrl: OrdersUrl, MessageBody: 'one' });
      await emulator.stop();`,
  });
  expect(await project.run(node, 'shop.mjs')).toBe('200 {"doubled":42}\n');
});
