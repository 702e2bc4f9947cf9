/** Every page of the documentation: its links, its place in the index, the commands and names that it uses. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { quotingPages } from '../../bench/pages.ts';
import { readConfiguration } from '../../infra/context.ts';
import { createProgram } from '../../operations/cli/program.ts';
import { synth } from '../infra/synth.ts';
import { anchorsOf, blocksOf, pageAt, pages, root } from './pages.ts';

describe.each([...pages.keys()])('%s', (path) => {
  const text = pageAt(path);
  const links = [...text.matchAll(/\]\((?!\w+:)([^)#]*)(?:#([^)]*))?\)/g)];

  test('links to files and headings that are there', () => {
    const broken = links.filter(([, file = '', anchor]) => {
      const target = file === '' ? join(root, path) : join(root, dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test('sets only context values that there are, to what they can be', () => {
    for (const [command] of text.matchAll(/^ *npx cdk .*$/gm)) {
      const settings = [...command.matchAll(/-c (\w+)=(\S+)/g)].map(
        ([, name = '', value = '']) => [name, value] as const,
      );
      if (settings.some(([, value]) => value.includes('…'))) continue;
      expect(() => readConfiguration(Object.fromEntries(settings))).not.toThrow();
    }
  });

  test('names only commands that there are', () => {
    const program = createProgram({
      print: () => undefined,
      note: () => undefined,
      colors: false,
    } as unknown as Parameters<typeof createProgram>[0]);
    const commands = program.commands.map((command) => command.name());
    const named = [...text.matchAll(/npx sqs-browser ([a-z-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !commands.includes(name ?? ''))).toEqual([]);
  });
});

test('the index has every page', () => {
  const index = pageAt('docs/README.md');
  const listed = [...index.matchAll(/\]\(([\w-]+\.md)/g)].map(([, name]) => `docs/${name}`);
  const others = [...pages.keys()].filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
  expect([...new Set(listed)].toSorted()).toEqual(others);
});

test('what stays after removing is what the template keeps', async () => {
  const { template } = await synth();
  const queues = ['RejectedQueueUrl', 'UndeliveredQueueUrl'];
  const outputs = ['SessionTableName', ...queues, 'FailedBatchBucketName', 'MessageBucketName'];
  const named = [...pageAt('docs/removing.md').matchAll(/<(\w+)>`/g)].map(([, name]) => name);
  expect(named).toEqual(outputs);
  const types = [
    'AWS::DynamoDB::Table',
    'AWS::SQS::Queue',
    'AWS::S3::Bucket',
    'AWS::Kinesis::Stream',
    'AWS::Logs::LogGroup',
  ];
  const kept = types.flatMap((type) =>
    template
      .ofType(type)
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
      .map(({ id }) => `${type} ${id}`),
  );
  expect(kept).toHaveLength(outputs.length);
});

test.each(quotingPages)('%s has no price but those that are computed', (path) => {
  const text = pageAt(path);
  const prices = [...text.matchAll(/\$\d+\.\d\d\b/g)];
  const computed = [...text.matchAll(/<!-- price: [^>]+ -->\$\d+\.\d\d\b/g)];
  expect(prices.length).toBeGreaterThan(1);
  expect(computed).toHaveLength(prices.length);
});

test('tasks begin with what somebody wants to do', () => {
  const tasks = [
    ...['getting-started', 'deploying', 'frameworks', 'migrating', 'production', 'stages', 'alternatives', 'quotas'],
    ...['operating', 'console', 'command-line', 'redrive', 'removing', 'local'],
  ];
  for (const task of tasks) expect(pageAt(`docs/${task}.md`)).toMatch(/^# .*\n\n(You|I) /);
});

test('policies are JSON with the actions of the API', () => {
  const policies = blocksOf(pageAt('docs/deploying.md'), 'json').map((block): unknown => JSON.parse(block));
  expect(policies).toEqual([
    { Version: '2012-10-17', Statement: [expect.objectContaining({ Action: 'execute-api:Invoke', Effect: 'Allow' })] },
  ]);
});
