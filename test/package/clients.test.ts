import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { startService } from '../../operations/start/service.ts';
import { node, Project } from './project.ts';

const mapSchema = z.object({ sourcesContent: z.array(z.string()) });
const packageSchema = z.object({ unpkg: z.string(), jsdelivr: z.string() });

let project: Project;
let service: Emulator;

beforeAll(async () => {
  project = await Project.create();
  service = await startService({});
});

afterAll(async () => {
  await service.stop();
  await project.remove();
});

test('installs nothing else and runs no script', async () => {
  const packages = await readdir(join(project.folder, 'node_modules'));
  expect(packages.filter((name) => !name.startsWith('.'))).toEqual(['sqs-browser']);
  const lock = await readFile(join(project.folder, 'package-lock.json'), 'utf8');
  expect(lock).not.toContain('hasInstallScript');
});

test('has a source map beside every file, with the sources in it', async () => {
  const folder = join(project.folder, 'node_modules', 'sqs-browser', 'dist', 'client');
  const files = (await readdir(folder)).filter((name) => /\.c?js$/.test(name));
  expect(files).toEqual(expect.arrayContaining(['backend.cjs', 'backend.js', 'client.js', 'sqs-browser.min.js']));
  for (const name of files) {
    const map = mapSchema.parse(JSON.parse(await readFile(join(folder, `${name}.map`), 'utf8')));
    expect(map.sourcesContent.join('')).toContain('export const ');
  }
});

test('names its script for the CDNs', async () => {
  const folder = join(project.folder, 'node_modules', 'sqs-browser');
  const { unpkg, jsdelivr } = packageSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  expect(jsdelivr).toBe(unpkg);
  expect((await stat(join(folder, unpkg))).size).toBeGreaterThan(1_000);
});

/** A backend and a page in one program. */
const program = (load: (name: string) => string): string => `
  const { BackendClient, forBrowser } = ${load('sqs-browser/backend')};
  const { connect } = ${load('sqs-browser/client')};
  const main = async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new BackendClient({ apiUrl: process.argv[2], credentials });
    const key = { accountId: 12345, sessionId: process.argv[3] };
    const session = forBrowser(await client.createSession(key));
    for (const n of [1, 2, 3]) await client.notify(key, { n });
    const events = connect({ session, renew: () => client.renewSession(key), waitTime: 1, environment: globalThis });
    for await (const { data } of events) {
      console.log(data.n);
      if (data.n === 3) void events.close();
    }
  };
  void main();
`;

test.each([
  ['an ES module', 'backend.mjs', (name: string) => `await import('${name}')`],
  ['a CommonJS module', 'backend.cjs', (name: string) => `require('${name}')`],
])('sends and receives in %s', async (_what, file, load) => {
  await project.write({ [file]: program(load) });
  expect(await project.run(node, file, service.url, file)).toBe('1\n2\n3\n');
});

test('without the AWS SDK, signs with the keys of the environment, and says what to do when there are none', async () => {
  await project.write({
    'keyless.mjs': `
      import { BackendClient } from 'sqs-browser/backend';
      const [apiUrl] = process.argv.slice(2);
      for (const env of [{}, { AWS_ACCESS_KEY_ID: 'local' }, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }]) {
        const environment = { fetch, setTimeout, clearTimeout, Date, process: { env } };
        const client = new BackendClient({ apiUrl, environment });
        await client.createSession({ accountId: 1, sessionId: 'keyless' }).then(
          ({ sessionId }) => console.log(sessionId),
          ({ name, message }) => console.log(name, message),
        );
      }
    `,
  });
  const refused =
    /^NoCredentials .*: set them, install @aws-sdk\/credential-provider-node, or give the option credentials$/;
  expect((await project.run(node, 'keyless.mjs', service.url)).trim().split('\n')).toEqual([
    ...[expect.stringMatching(refused), expect.stringMatching(refused)],
    'keyless',
  ]);
});

const typed = `
  import { connect, fullJitter, type Session, type State } from 'sqs-browser/client';
  import { BackendClient, SessionNotFound, type SqsBrowserError } from 'sqs-browser/backend';
  declare const session: Session;
  const client = new BackendClient({ apiUrl: 'https://example.com', streamName: process.env['STREAM'], region: 'eu-west-1' });
  const events = connect<{ readonly n: number }>({ session, renew: async () => session, retry: fullJitter() });
  export const describe = (state: State): string =>
    state.status === 'waiting' ? \`\${state.reason} until \${state.until}\` : (state.remedy ?? state.reason);
  export const isGone = (error: SqsBrowserError): boolean => error instanceof SessionNotFound && error.name === 'SessionNotFound';
  events.addEventListener('statechange', ({ state }) => describe(state));
  events.addEventListener('message', ({ data }) => client.notify({ accountId: data.n }, data));
  // @ts-expect-error A message of this application has no such member.
  events.addEventListener('message', ({ data }) => data.nothing);
`;

test.each([
  ['node16', 'node16', 'commonjs'],
  ['node16', 'node16', 'module'],
  ['nodenext', 'nodenext', 'module'],
  ['esnext', 'bundler', 'module'],
  ['commonjs', 'node10', 'commonjs'],
])('has types for --module %s --moduleResolution %s in a %s', async (module, resolution, type) => {
  const extension = type === 'module' ? 'mts' : 'cts';
  const file = resolution === 'node10' || resolution === 'bundler' ? 'page.ts' : `page.${extension}`;
  await project.write({
    [file]: typed,
    'env.d.ts': 'declare const process: { env: Record<string, string | undefined> };',
  });
  const settings = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--lib', 'es2022,dom'];
  const deprecated = resolution === 'node10' ? ['--ignoreDeprecations', '6.0'] : [];
  await project.runTool(
    ...['typescript/bin/tsc', ...settings, ...deprecated, '--target', 'es2022'],
    ...['--module', module, '--moduleResolution', resolution, file, 'env.d.ts'],
  );
});
