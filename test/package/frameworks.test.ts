/** The recipes of docs/frameworks.md, built with the versions that it names, and run in Chromium. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import type { Browser } from 'playwright-core';
import { BackendClient, forBrowser } from 'sqs-browser/backend';
import { startService } from '../../operations/start/service.ts';
import { launchChromium } from '../browser/chromium.ts';
import { Project } from './project.ts';
import { portOf } from '../tools/port-of.ts';

const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'frameworks.md'), 'utf8');

const sections = page.split(/^## /m);

/** A section's files, by the path that stands before each. */
const filesIn = (section = ''): Record<string, string> =>
  Object.fromEntries(
    [...section.matchAll(/`([\w/.-]+)`[^`]*:\n\n```\w+\n([^]*?)^```$/gm)].map(([, path = '', text = '']) => [
      path,
      text,
    ]),
  );

const recipe = (framework: string): Record<string, string> =>
  filesIn(sections.find((section) => section.startsWith(`${framework}\n`)));

/** `vue 3.5.45` of the row of the framework, as npm takes it. */
const versionsOf = (framework: string): readonly string[] => {
  const [, cell = ''] = new RegExp(`^\\| ${framework} +\\| (.*?) +\\|$`, 'm').exec(page) ?? [];
  return cell.split(', ').map((version) => version.replace(' ', '@'));
};

/** What stands before the recipes. */
const shared = filesIn(sections[0]);

let service: Emulator;
let browser: Browser;
let client: BackendClient;
const projects: Project[] = [];
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  service = await startService({});
  browser = await launchChromium();
  client = new BackendClient({ apiUrl: service.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
});

afterAll(async () => {
  await browser.close();
  for (const end of ends) await end();
  await service.stop();
  for (const project of projects) await project.remove();
});

const createProject = async (framework: string, ...packages: readonly string[]): Promise<Project> => {
  const project = await Project.create(...versionsOf(framework), ...packages);
  projects.push(project);
  return project;
};

const user = { accountId: 12345, sessionId: 'my-session', userId: 7 };

/** Serves a built page, and the backend's two routes. */
const serve = async (folder: string): Promise<string> => {
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
  const answer = async (url: string): Promise<string | Buffer> => {
    if (url === '/my-backend/session') return JSON.stringify(forBrowser(await client.createSession(user)));
    if (url === '/my-backend/renew') return JSON.stringify(forBrowser(await client.renewSession(user)));
    return readFile(join(folder, url === '/' ? 'index.html' : url));
  };
  const server: Server = createServer(({ url = '/' }, response) => {
    answer(url).then(
      (body) => response.setHeader('content-type', types[extname(url) || '.html'] ?? 'application/json').end(body),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${portOf(server)}/`;
};

/** The page connects, and shows each of two events once, in order. */
const receives = async (url: string): Promise<void> => {
  const tab = await (await browser.newContext()).newPage();
  const problems: string[] = [];
  tab.on('pageerror', ({ message }) => problems.push(message));
  await tab.goto(url);
  await tab.getByText('polling', { exact: true }).waitFor();
  await client.notify({ accountId: 12345 }, { msg: 'Hello World' });
  // These come together.
  const others = ['Hello again', 'and again', 'for the last time'];
  await client.publish(others.map((msg) => ({ accountId: 12345, msg })));
  await tab.getByText('for the last time').waitFor();
  expect(await tab.getByRole('listitem').allTextContents()).toEqual(['Hello World', ...others]);
  expect(problems).toEqual([]);
  await tab.context().close();
};

const html = '<!doctype html><title>x</title><div id="app"></div><script type="module" src="/src/main.ts"></script>';

test.each([
  {
    framework: 'React',
    packages: ['react-dom@19.3.1'],
    files: {
      'src/main.ts': `import { createElement, StrictMode } from 'react';
        import { createRoot } from 'react-dom/client';
        import { App } from './App.tsx';
        createRoot(document.getElementById('app')!).render(createElement(StrictMode, null, createElement(App)));`,
      'vite.config.js': '',
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx" } }',
    },
  },
  {
    framework: 'Vue',
    packages: [],
    files: {
      'src/main.ts': `import { createApp } from 'vue';
        import Messages from './Messages.vue';
        import { openSession } from './session.ts';
        createApp(Messages, { session: await openSession() }).mount('#app');`,
      'vite.config.js': "import vue from '@vitejs/plugin-vue'; export default { plugins: [vue()] };",
    },
  },
  {
    framework: 'Svelte',
    packages: [],
    files: {
      'src/main.ts': `import { mount } from 'svelte';
        import Messages from './Messages.svelte';
        import { openSession } from './session.ts';
        mount(Messages, { target: document.getElementById('app')!, props: { session: await openSession() } });`,
      'vite.config.js':
        "import { svelte } from '@sveltejs/vite-plugin-svelte'; export default { plugins: [svelte()] };",
    },
  },
])(
  'the recipe for $framework shows the events',
  async ({ framework, packages, files }) => {
    const project = await createProject(framework, ...packages);
    await project.write({ ...shared, ...recipe(framework), ...files, 'index.html': html });
    await project.run(process.execPath, 'node_modules/vite/bin/vite.js', 'build');
    await receives(await serve(join(project.folder, 'dist')));
  },
  300_000,
);

/** Runs `next start` on a free port. */
const startNext = async (project: Project): Promise<string> => {
  const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', API_URL: service.url };
  const env = { ...process.env, NODE_OPTIONS: '', NEXT_TELEMETRY_DISABLED: '1', ...keys };
  const args = ['node_modules/next/dist/bin/next', 'start', '--port', '0', '--hostname', '127.0.0.1'];
  const child: ChildProcess = spawn(process.execPath, args, { cwd: project.folder, env });
  ends.push(() => child.kill());
  let printed = '';
  for await (const piece of child.stdout ?? []) {
    printed += String(piece);
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
    if (url && printed.includes('Ready')) return url;
  }
  throw new Error(`next ended: ${printed}`);
};

test('the recipe for Next.js shows the events', async () => {
  const project = await createProject(
    'Next.js',
    ...[
      'react-dom@19.3.1',
      '@aws-sdk/credential-provider-node@3.972.97',
      'typescript@6.0.3',
      '@types/react@19.3.0',
      '@types/node@24.19.2',
    ],
  );
  const layout =
    'export default ({ children }: { children: React.ReactNode }) => <html lang="en"><body>{children}</body></html>;';
  await project.write({ ...recipe('Next.js'), 'app/layout.tsx': layout });
  await project.run(process.execPath, 'node_modules/next/dist/bin/next', 'build');
  const url = await startNext(project);
  await receives(url);
  const renewed = await fetch(`${url}/renew`, { method: 'POST' });
  expect(await renewed.json()).toHaveProperty('sqsUrl');
}, 600_000);
