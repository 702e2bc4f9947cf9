import { afterAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const folder = await mkdtemp(join(tmpdir(), 'start-'));
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Each start writes a file of its own. */
let outputsFiles = 0;
const node = (script: string, environment: Record<string, string>) => {
  const outputsFile = environment['OUTPUTS_FILE'] ?? join(folder, `outputs-${++outputsFiles}.json`);
  const child = spawn(process.execPath, [script], {
    cwd: join(import.meta.dirname, '..', '..', '..'),
    env: { ...process.env, NODE_OPTIONS: '', ...environment, OUTPUTS_FILE: outputsFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  child.stderr.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, text }));
  const prints = async (wanted: RegExp): Promise<string> => {
    while (!wanted.test(text))
      await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error(text)))]);
    return text;
  };
  return { child, ended, prints, outputsFile };
};

/** Starts the service on a free port and waits until it has said all it says. */
const start = async () => {
  const service = node('operations/start/start.ts', { PORT: '0' });
  const text = await service.prints(/Ctrl-C stops/);
  const [, url = ''] = /^sqs-browser is ready at (http:\/\/127\.0\.0\.1:\d+)$/m.exec(text) ?? [];
  return { ...service, text, url, port: new URL(url).port };
};

const service = await start();

describe('npm start', () => {
  test('writes the outputs as cdk deploy does', async () => {
    const outputs = JSON.parse(await readFile(service.outputsFile, 'utf8')) as object;
    expect(outputs).toEqual({ 'sqs-browser-dev': expect.objectContaining({ ApiUrl: `${service.url}/dev/` }) });
  });

  test('serves the demo', async () => {
    const { port, outputsFile } = service;
    const demo = await node('examples/demo.ts', { PORT: port, OUTPUTS_FILE: outputsFile }).ended;
    expect(demo.text.match(/^PASS /gm)).toHaveLength(5);
    expect(demo.code).toBe(0);
  });

  test('prints commands that create, notify and receive when they are pasted', async () => {
    const commands = service.text.split('\n').filter((line) => line.startsWith('  '));
    const withCurl = commands.slice(
      0,
      commands.findIndex((line) => line.includes('export ')),
    );
    const { stdout } = await promisify(execFile)('bash', ['-c', withCurl.join('\n')]);
    expect(stdout).toContain('"delivered":1');
    expect(stdout).toContain('{\\"accountId\\":12345,\\"msg\\":\\"Hello World\\"}');
  });

  test('explains a port that is taken', async () => {
    const text = `^Port ${service.port} is taken: .* PORT=\\d+ npm start\\.\n$`;
    const second = await node('operations/start/start.ts', { PORT: service.port }).ended;
    expect(second).toEqual({ code: 1, text: expect.stringMatching(text) });
  });

  test.each([
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['API_AUTH', 'yes'],
  ])('explains what is wrong with %s=%s', async (name, value) => {
    const { code, text } = await node('operations/start/start.ts', { [name]: value }).ended;
    expect({ code, text }).toEqual({
      code: 1,
      text: expect.stringMatching(`^${name} is "${value}", but must be .*\\.\n$`),
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly at %s, and the demo says so', async (signal) => {
    const { child, ended, port } = await start();
    child.kill(signal);
    expect((await ended).code).toBe(0);
    const demo = await node('examples/demo.ts', { PORT: port }).ended;
    expect(demo).toEqual({ code: 1, text: expect.stringContaining('run npm start first') });
  });
});
