import { expect, test } from '@jest/globals';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { startEmulator } from 'aws-template-emulator';
import { serviceMode } from '../tools/worst-case.ts';
import { synthesize } from '../../operations/start/synthesis.ts';
import { Stack } from './stack.ts';

interface Policy {
  readonly Type: string;
  readonly Properties?: { PolicyDocument?: { Statement: { Action: string | string[] }[] } };
}

/** The project's template without the permission for one action, beside its assets. */
const templateWithout = async (action: string): Promise<string> => {
  const { template } = await synthesize();
  const folder = await mkdtemp(join(tmpdir(), 'template-'));
  const assets = (await readdir(dirname(template))).filter((name) => name.startsWith('asset.'));
  await Promise.all(assets.map((name) => symlink(join(dirname(template), name), join(folder, name))));
  const copy = JSON.parse(await readFile(template, 'utf8')) as { Resources: Record<string, Policy> };
  for (const { Type: type, Properties: properties } of Object.values(copy.Resources)) {
    const document = type === 'AWS::IAM::Policy' ? properties?.PolicyDocument : undefined;
    for (const statement of document?.Statement ?? []) {
      statement.Action = [statement.Action].flat().map((one) => (one === action ? `${action}NotAtAll` : one));
    }
  }
  const file = join(folder, basename(template));
  await writeFile(file, JSON.stringify(copy));
  return file;
};

test.each([
  ['sqs:CreateQueue', 502],
  ['dynamodb:PutItem', 502],
  ['lambda:InvokeFunction', 502],
  ['states:StartSyncExecution', 502],
])('a template that forgets the permission for %s fails here as on AWS', async (action, status) => {
  const file = await templateWithout(action);
  const runtime = await startEmulator({ template: file, ...serviceMode() });
  const denied: string[] = [];
  runtime.calls.on(({ service, action: name, outcome }) => {
    if (outcome === 'denied') denied.push(`${service}:${name}`);
  });
  const answer = await new Stack(runtime).call('/create/1/a');
  await runtime.stop();
  await rm(dirname(file), { recursive: true });
  expect(answer).toMatchObject({ status });
  expect(denied).toContain(action.replace('InvokeFunction', 'Invoke'));
});
