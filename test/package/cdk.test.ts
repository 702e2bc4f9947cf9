/** The construct from the packed tarball, in apps as `cdk init` makes them. */
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import ts from 'typescript';
import { taskNames } from '../../infra/tasks.ts';
import { blocksOf, pageAt } from '../docs/pages.ts';
import { node, Project } from './project.ts';

const modules = join(import.meta.dirname, '..', '..', 'node_modules');

let project: Project;

beforeAll(async () => {
  project = await Project.create('ts-node@10.9.2', 'typescript@5.9.3', '@types/node@20', 'vitest@4.1.12');
  // The app's own CDK; the one that this project has spares a download of a hundred megabytes.
  for (const name of ['aws-cdk-lib', 'constructs']) {
    await symlink(join(modules, name), join(project.folder, 'node_modules', name));
  }
  await project.write({ 'tsconfig.json': JSON.stringify({ compilerOptions }) });
});

afterAll(() => project.remove());

/** https://github.com/aws/aws-cdk-cli, the template of `cdk init app --language typescript`. */
const compilerOptions = {
  ...{ target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['es2022'], types: ['node'] },
  ...{ strict: true, noImplicitReturns: true, esModuleInterop: true, skipLibCheck: true },
};

/** An app with a service in a stack, which prints what a wrong prop says. */
const app = (types: boolean): string => `
  import * as cdk from 'aws-cdk-lib';
  import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
  import { ConfigurationError, SqsBrowser${types ? ', type SqsBrowserProps' : ''} } from 'sqs-browser/cdk';

  const app = new cdk.App({ outdir: process.argv[2], analyticsReporting: false });
  const stack = new cdk.Stack(app, 'App');
  const props${types ? ': SqsBrowserProps' : ''} = { keyLifetime: cdk.Duration.hours(8) };
  const push = new SqsBrowser(stack, 'Push', props);
  push.grantManageSessions(new Role(stack, 'Backend', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  push.metricMessagesDelivered().createAlarm(stack, 'Quiet', { threshold: 1, evaluationPeriods: 1 });
  cdk.Tags.of(push).add('team', 'web');
  try {
    new SqsBrowser(stack, 'Wrong', { keyLifetime: cdk.Duration.hours(13) });
  } catch (error) {
    if (error instanceof ConfigurationError) console.log(error.message);
  }
  app.synth();
`;

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Tags?: readonly object[]; readonly DefinitionString?: unknown };
}

/** What a synthesized template has. */
const resourcesIn = async (outdir: string): Promise<readonly Resource[]> => {
  const text = await readFile(join(project.folder, outdir, 'App.template.json'), 'utf8');
  const { Resources } = JSON.parse(text) as { readonly Resources: Readonly<Record<string, Resource>> };
  return Object.values(Resources);
};

test.each([
  ['TypeScript with ts-node, CommonJS', 'app.ts', ['node_modules/ts-node/dist/bin.js', '--prefer-ts-exts']],
  ['JavaScript, ES modules', 'app.mjs', []],
])('is synthesized by an app in %s', async (_what, file, runner) => {
  await project.write({ [file]: app(file.endsWith('.ts')) });
  expect(await project.run(node, ...runner, file, `out-${file}`)).toBe(
    'The prop keyLifetime of App/Wrong is 13 hours, but must be a whole number of hours from 1 to 12.\n',
  );
  const resources = await resourcesIn(`out-${file}`);
  const ofType = (type: string): readonly Resource[] => resources.filter(({ Type }) => Type === type);
  // Without a pool there is nothing that fills it.
  expect(ofType('AWS::Lambda::Function')).toHaveLength(taskNames.filter((name) => name !== 'fill-pool').length);
  expect(ofType('AWS::StepFunctions::StateMachine')).toHaveLength(7);
  expect(ofType('AWS::Kinesis::Stream')[0]?.Properties?.Tags).toEqual([{ Key: 'team', Value: 'web' }]);
});

const blockOf = (page: string): string => blocksOf(pageAt(page), 'ts')[0] ?? '';

test('the stack of docs/cdk.md is synthesized, and runs in the test of docs/local.md, in jest and in vitest', async () => {
  await project.write({
    'app-stack.ts': blockOf('docs/cdk.md'),
    'own.ts': `
      import { App } from 'aws-cdk-lib';
      import { AppStack } from './app-stack';
      // The CDK's command line asks for the paths of constructs in this way.
      const context = { 'aws:cdk:enable-path-metadata': true };
      const app = new App({ outdir: 'cdk.out', analyticsReporting: false, context });
      new AppStack(app, 'AppStack');
      app.synth();
    `,
  });
  await project.run(node, 'node_modules/ts-node/dist/bin.js', 'own.ts');
  const code = blockOf('docs/local.md');
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  await project.write({ 'push.test.js': outputText, 'jest.config.json': '{ "transform": {} }' });
  await project.run(node, join(modules, 'jest', 'bin', 'jest.js'), '-c', 'jest.config.json', 'push.test.js');
  await project.write({ 'push.test.ts': code });
  await project.run(node, 'node_modules/vitest/vitest.mjs', 'run', '--globals', 'push.test.ts');
});

test('has types that need no others than the CDK has', async () => {
  await project.write({ 'typed.ts': app(true) });
  const strict = ['--noEmit', '--skipLibCheck', 'false', '--ignoreConfig', '--exactOptionalPropertyTypes', 'false'];
  const settings = ['--target', 'es2022', '--module', 'nodenext', '--strict', '--types', 'node'];
  await project.runTool('typescript/bin/tsc', ...strict, ...settings, 'typed.ts');
});
