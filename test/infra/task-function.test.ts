import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pascalCase } from '../../infra/task-function.ts';
import { taskNames } from '../../infra/tasks.ts';
import {
  environmentNames,
  queuePolicyVariables,
  urlSuffixVariable,
  type EnvironmentKey,
} from '../../functions/aws/environment.ts';
import { withPool } from './contexts.ts';
import { synth } from './synth.ts';
import { objectOf, textOf } from './template.ts';

const { template } = await synth(withPool);
const root = join(import.meta.dirname, '..', '..');

const isEnvironmentKey = (key: string): key is EnvironmentKey => Object.hasOwn(environmentNames, key);

describe.each(taskNames)('the function %s', (name) => {
  const properties = template.function(name);

  test('runs on Node 24 and arm64, traced', () => {
    expect(properties).toMatchObject({
      FunctionName: `sqs-browser-dev-${name}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: { 'deliver-batch': 1024, publish: 512 }[name] ?? 256,
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('writes JSON to a log of its own that forgets after a month', () => {
    const log = template.ofType('AWS::Logs::LogGroup').find(({ id }) => id.endsWith(`${pascalCase(name)}Log`));
    expect(log?.Properties).toEqual({ LogGroupName: `/aws/lambda/sqs-browser-dev-${name}`, RetentionInDays: 30 });
    expect(properties['LoggingConfig']).toMatchObject({ LogFormat: 'JSON', LogGroup: `<${log?.id ?? ''}>` });
  });

  test('is given exactly the variables it reads', () => {
    const code = readFileSync(join(root, 'functions', name, 'handler.ts'), 'utf8');
    const [, keys = ''] = /task\(\s*'[\w-]+',\s*\[([^\]]*)\]/.exec(code) ?? [];
    const named = [...keys.matchAll(/'(\w+)'/g)].map(([, key = '']) => key).filter(isEnvironmentKey);
    const all = keys.includes('...queuePolicyVariables') ? [...queuePolicyVariables, ...named] : named;
    const read = all.map((key) => environmentNames[key]);
    const Variables = objectOf(objectOf(properties['Environment'])['Variables']);
    const ours = Object.keys(Variables).filter((variable) => !variable.startsWith('POWERTOOLS_'));
    expect(ours.toSorted()).toEqual([...read, urlSuffixVariable].toSorted());
    expect(Variables[urlSuffixVariable]).toBe('<AWS::URLSuffix>');
  });

  test('ends before every task or method that runs it', () => {
    const placeholder = `\${${pascalCase(name)}}`;
    const timeouts = template
      .ofType('AWS::StepFunctions::StateMachine')
      .flatMap(({ Properties }) => [
        ...textOf(Properties['DefinitionString']).matchAll(/"Resource":"([^"]+)"[^]*?"TimeoutSeconds":(\d+)/g),
      ])
      .filter(([, resource]) => resource === placeholder)
      .map(([, , timeout]) => Number(timeout));
    // The API waits for 29 seconds.
    if (name === 'publish') timeouts.push(29);
    expect(timeouts.length > 0).toBe(name !== 'router');
    for (const timeout of timeouts) expect(properties['Timeout']).toBeLessThan(timeout);
  });
});

describe('the functions', () => {
  const variableOf = (name: (typeof taskNames)[number], key: EnvironmentKey): unknown =>
    objectOf(objectOf(template.function(name)['Environment'])['Variables'])[environmentNames[key]];

  test('have the values that were configured', () => {
    expect(variableOf('issue-keys', 'keyHours')).toBe('4');
    expect(variableOf('make-queue', 'messageRetention')).toBe('3600');
    expect(variableOf('make-queue', 'queuePrefix')).toBe('brws-dev');
    expect(variableOf('sweep-shard', 'gracePeriod')).toBe('3600');
    expect(variableOf('sweep-identities', 'identityPoolOwned')).toBe('true');
  });

  test('have the names of what the stack has made', () => {
    expect(variableOf('start-create', 'identityPoolId')).toBe('<IdentityPool>');
    expect(variableOf('make-queue', 'browserRoleArn')).toBe('<IdentityBrowserRole.Arn>');
    expect(variableOf('make-queue', 'browserRoleId')).toBe('<IdentityBrowserRole.RoleId>');
    expect(variableOf('make-queue', 'queueArnPrefix')).toBe('arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:');
    expect(variableOf('find-session', 'sessionTableName')).toBe('<SessionsTable>');
    expect(variableOf('route-messages', 'messageBucketName')).toBe('<MessagesBucket>');
    expect(variableOf('router', 'rejectedQueueUrl')).toBe('<DeadLettersRejected>');
    expect(variableOf('router', 'dispatchMachineArn')).toBe('<DispatchWorkflowMachine>');
    expect(variableOf('send-dead-letters', 'undeliveredQueueUrl')).toBe('<DeadLettersUndelivered>');
  });
});
