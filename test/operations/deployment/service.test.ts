/** Finding a user's own services in a stack, by names as the CDK makes them. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { chooseService } from '../../../operations/deployment/service.ts';
import type { Stack } from '../../../operations/deployment/stack.ts';
import { taskNames } from '../../../infra/tasks.ts';
import { temporaryFolder, unchecked } from '../../infra/synth.ts';

const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string() })),
  Outputs: z.record(z.string(), z.unknown()),
});

/** As CloudFormation would describe it; what a resource or an output is called stands for its value. */
const synthesize = async (): Promise<Stack> => {
  await using folder = await temporaryFolder();
  const [outdir, functions] = [join(folder.path, 'out'), join(folder.path, 'functions')];
  for (const name of taskNames) {
    await mkdir(join(functions, name), { recursive: true });
    await writeFile(join(functions, name, 'handler.mjs'), 'export const handler = () => 1;\n');
  }
  const script = join(import.meta.dirname, 'several-services-app.ts');
  await promisify(execFile)(process.execPath, [script, outdir, functions], { env: unchecked });
  const text = await readFile(join(outdir, 'Shop.template.json'), 'utf8');
  const { Resources, Outputs } = templateSchema.parse(JSON.parse(text));
  return {
    ...{ name: 'Shop', status: 'CREATE_COMPLETE' },
    outputs: Object.fromEntries(Object.keys(Outputs).map((key) => [key, key])),
    resources: Object.entries(Resources).map(([logicalId, { Type }]) => ({
      ...{ logicalId, physicalId: `physical-${logicalId}`, type: Type },
    })),
  };
};

const shop = await synthesize();

describe('a stack with several services', () => {
  test('needs the name of one, and lists them', () => {
    expect(() => chooseService(shop)).toThrow(
      'The stack Shop has 2 services, BackendPush2, Push: choose one with --construct.',
    );
    expect(() => chooseService(shop, 'Pull')).toThrow(
      'The stack Shop has no SqsBrowser called Pull; it has BackendPush2, Push.',
    );
  });

  test.each(['Backend/Push-2', 'BackendPush2'])('finds a nested one as %s', (construct) => {
    const { outputs } = chooseService(shop, construct);
    expect(outputs.ApiUrl).toMatch(/^BackendPush2ApiUrl[0-9A-F]{8}$/);
    expect(outputs).not.toHaveProperty('EventStreamName');
  });

  test.each(['Push', 'Backend/Push-2'])('finds the parts of %s and no others', (construct) => {
    const { functions, machines, alarms, roles } = chooseService(shop, construct);
    const names = taskNames.filter((name) => name !== 'fill-pool' && (construct === 'Push' || name !== 'router'));
    expect(functions.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(roles.map(({ name }) => name).sort()).toEqual([...names].sort());
    const prefix = construct.replaceAll(/\W/g, '');
    for (const { name, logicalId, logGroup = '' } of functions) {
      expect(logicalId.startsWith(prefix)).toBe(true);
      const pascal = name.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
      expect(logGroup).toMatch(new RegExp(`^physical-${prefix}\\w+${pascal}Log[0-9A-F]{8}$`));
    }
    expect(machines.map(({ name }) => name)).toEqual([
      ...[
        'create-session',
        'renew-session',
        'session-status',
        'list-sessions',
        'destroy-session',
        'cleanup',
        'dispatch',
      ],
    ]);
    for (const { logGroup } of machines) expect(logGroup).toMatch(/^physical-\w+WorkflowLog[0-9A-F]{8}$/);
    expect(alarms.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['MessagesUndelivered', 'ApiFails', 'DispatchFails', 'CleanupFails']),
    );
  });
});

test('a stack without the outputs of a service is refused with what to look at', () => {
  expect(() => chooseService({ ...shop, outputs: { ApiUrl: 'https://…' } })).toThrow(
    'The stack Shop has no outputs of an SqsBrowser: check --stack, and that the construct has not hasOutputs: false.',
  );
});
