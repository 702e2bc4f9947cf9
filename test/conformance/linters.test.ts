/** What is deployed, in front of linters of others: no findings. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStateMachineCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { sessionPolicy } from '../../functions/sessions/identities.ts';
import { startService } from '../../operations/start/service.ts';
import { run } from './process.ts';
import { tools } from './tools.ts';

/** Settings that add resources, each in a way of its own. */
const variants: Readonly<Record<string, { readonly stage: string } & Readonly<Record<string, string>>>> = {
  default: { stage: 'dev' },
  developer: {
    ...{ stage: 'developer', identities: 'developer', streamMode: 'ON_DEMAND' },
    sessionConcurrency: '20',
  },
  open: {
    ...{ stage: 'open', allowedOrigins: 'https://a.example', apiAllowedCidrs: '203.0.113.0/24' },
    ...{ apiCallers: '444455556666', apiLogs: 'access', logDispatchData: 'true' },
    alarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:on-call',
  },
};

const reportSchema = z.object({ pluginReports: z.array(z.unknown()) });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linters-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs a linter. @returns its exit code and what it printed */
const lint = (command: string, ...args: readonly string[]) => run({ command, args, env: process.env });

const python = (name: string): string => join(tools, 'python', 'bin', name);

/** Writes each document to a file of its own. @returns their paths */
const write = async (documents: Readonly<Record<string, unknown>>): Promise<readonly string[]> => {
  const target = await mkdtemp(join(folder, 'documents-'));
  return Promise.all(
    Object.entries(documents).map(async ([name, document]) => {
      const path = join(target, `${name}.json`);
      // parliament takes no colon in the last part of an ARN, but the ids of identity pools have one.
      await writeFile(path, JSON.stringify(document).replaceAll(/(identitypool\/[\w-]+):/g, '$1-'));
      return path;
    }),
  );
};

describe.each(Object.entries(variants))('with the settings "%s"', (name, context) => {
  test('cfn-lint and CloudFormation’s schemas find nothing in the template', async () => {
    const outdir = join(folder, name);
    await mkdir(outdir);
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) };
    const app = await run({ command: process.execPath, args: ['infra/app.ts', '--outdir', outdir], env });
    expect(app).toMatchObject({ code: 0 });
    const template = join(outdir, `sqs-browser-${context.stage}.template.json`);
    expect(await readFile(template, 'utf8')).toContain('AWS::StepFunctions::StateMachine');
    expect(await lint(python('cfn-lint'), template)).toEqual({ code: 0, output: '' });
    // The CDK checks the schemas, and reports them only when they find something.
    const report = reportSchema.parse(JSON.parse(await readFile(join(outdir, 'validation-report.json'), 'utf8')));
    expect(report.pluginReports).toMatchObject([{ pluginName: 'AwsSolutions', violations: [] }]);
  });

  test('asl-validator finds nothing in the machines, and parliament nothing in the roles', async () => {
    const service = await startService({ context });
    try {
      const machines = await readMachines(service.url);
      expect(Object.keys(machines)).toHaveLength(7);
      const validator = join(tools, 'npm', 'node_modules', '.bin', 'asl-validator');
      const files = await write(machines);
      expect(await lint(validator, ...files.flatMap((file) => ['--json-path', file]))).toMatchObject({ code: 0 });
      const roles = service.access.roles.map(({ name: role, policies }) => [role, policies] as const);
      const policies = roles.flatMap(([role, given]) =>
        given.map((policy, index) => [`${role}-${index}`, policy] as const),
      );
      const session: unknown = JSON.parse(sessionPolicy('arn:aws:sqs:us-east-1:111122223333:brws-dev-1'));
      expect(policies.length).toBeGreaterThan(20);
      const texts = await write({ ...Object.fromEntries(policies), session });
      expect(await lint(python('parliament'), '--files', texts.join(','))).toEqual({ code: 0, output: '' });
    } finally {
      await service.stop();
    }
  });
});

const readMachines = async (endpoint: string): Promise<Readonly<Record<string, unknown>>> => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SFNClient({ endpoint, region: 'us-east-1', credentials });
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  const described = stateMachines.map(async ({ stateMachineArn, name = '' }) => {
    const { definition = '' } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    const parsed: unknown = JSON.parse(definition);
    return [name, parsed] as const;
  });
  return Object.fromEntries(await Promise.all(described));
};
