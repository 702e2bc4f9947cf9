/** The command line and `sqs-browser/local`, from the installed package. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { node, Project } from './project.ts';

const project = await Project.create();
afterAll(() => project.remove());

const bin = join(project.folder, 'node_modules', 'sqs-browser', 'operations', 'cli', 'bin.js');

const services = join(project.folder, 'services');

test('nothing else is installed with it', async () => {
  expect(await project.run('npm', 'ls', '--all', '--parseable')).toMatch(/^.*\n.*\/node_modules\/sqs-browser\n$/);
});

test('start runs the package’s own stack, and commands find it', async () => {
  const env = { ...process.env, NODE_OPTIONS: '', SQS_BROWSER_SERVICES: services };
  const child = spawn(node, [bin, 'start', '--port', '0'], { cwd: project.folder, env });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  while (!text.includes('Ctrl-C stops')) await once(child.stdout, 'data');
  const url = /ready at (\S+)/.exec(text)?.[1] ?? '';
  const run = (...args: readonly string[]): Promise<string> => project.run(node, bin, ...args, '--endpoint', url);
  expect(await run('create', '1', 'abc')).toMatch(/^account {2}1$/m);
  expect(await run('notify', '1', '{"msg":"Hello"}')).toMatch(/^delivered {2}1$/m);
  expect(await run('runs', '--machine', 'dispatch')).toMatch(/dispatch +succeeded/);
  expect(await (await fetch(`${url}/`)).text()).toContain('sqs-browser console');
  expect((await fetch(`${url}/console/page.js`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});

test('startLocal runs a stack that cdk synth wrote', async () => {
  const app = join(project.folder, 'cdk.out');
  await mkdir(app);
  const Jobs = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };
  const template = { Resources: { Jobs }, Outputs: { JobsUrl: { Value: { Ref: 'Jobs' } } } };
  await writeFile(join(app, 'Mine.template.json'), JSON.stringify(template));
  const use = `
    const service = await startLocal({ app: 'cdk.out' });
    console.log(service.stackName, service.outputs.JobsUrl === service.url + '/000000000000/jobs');
    await service.stop();
    await startLocal({ app: 'cdk.out', stack: 'Other' }).catch((error) => console.log(error.message));
  `;
  await project.write({
    'local.mjs': `import { startLocal } from 'sqs-browser/local';\n${use}`,
    'local.cjs': `const { startLocal } = require('sqs-browser/local');\n(async () => {${use}})();`,
  });
  for (const file of ['local.mjs', 'local.cjs']) {
    expect(await project.run(node, file)).toBe('Mine true\nThere is no stack Other in cdk.out, which has Mine.\n');
  }
});
