import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stage } from './stage.ts';

const run = promisify(execFile);

/** The Node that runs the client: another one than this, if the environment names it. */
const node = process.env['CLIENT_NODE'] ?? process.execPath;

let stage: Stage;
let folder: string;

/** The package as npm would publish it, in a project of its own. What the backend's client depends on is not there. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  await run(process.execPath, ['client/build.ts']);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  const installed = join(folder, 'node_modules', 'sqs-browser');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, packed.filename), '--strip-components=1', '-C', installed]);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  stage = await Stage.open();
});

afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

test('a page receives with a script tag', async () => {
  const session = await stage.newSession();
  const tab = await stage.tab(session, { file: 'script.html' });
  await stage.notify(session, 1);
  expect(await tab.showed(1)).toEqual([1]);
});

test('the packed package receives in Node', async () => {
  const id = await stage.newSession();
  await stage.notify(id, 1, 2, 3);
  const program = `
    import { connect } from 'sqs-browser/client';
    const session = ${JSON.stringify(await stage.api(`status/12345/${id}`))};
    const events = connect({ session, renew: () => Promise.reject(new Error('not asked')), waitTime: 1 });
    for await (const { data } of events) {
      console.log(data.n);
      if (data.n === 3) void events.close();
    }
    console.log(process.version, events.state.reason);
  `;
  await writeFile(join(folder, 'receive.js'), program);
  const { stdout } = await run(node, ['receive.js'], { cwd: folder });
  console.log(`received in Node ${stdout.trim().split('\n').join(' ')}`);
  expect(stdout).toMatch(/^1\n2\n3\nv\d+\.\d+\.\d+ closed\n$/);
});

test('the packed package has types that compile in a strict project without Node', async () => {
  const program = `
    import { connect, fullJitter, type Session, type State } from 'sqs-browser/client';
    declare const session: Session;
    const events = connect<{ readonly n: number }>({ session, renew: async () => session, retry: fullJitter() });
    export const describe = (state: State): string =>
      state.status === 'waiting' ? \`\${state.reason} until \${state.until}\` : (state.remedy ?? state.reason);
    events.addEventListener('statechange', ({ state }) => describe(state));
    for await (const event of events) event.data.n.toFixed();
    // @ts-expect-error A message of this application has no such member.
    events.addEventListener('message', ({ data }) => data.nothing);
  `;
  await writeFile(join(folder, 'page.ts'), program);
  const settings = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--lib', 'es2022,dom'];
  for (const module of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    const resolution = ['--target', 'es2022', '--module', module[0], '--moduleResolution', module[1]];
    const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [tsc, ...settings, ...resolution, 'page.ts'], { cwd: folder });
  }
});
