import { afterAll, describe, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

const sessionSchema = z.object({
  ...{ sqsUrl: z.string(), accessKey: z.string(), secretKey: z.string(), sessionToken: z.string() },
});

const folder = await mkdtemp(join(tmpdir(), 'start-'));
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Each start writes a file of its own. */
let outputsFiles = 0;
const node = (environment: Record<string, string>, ...args: readonly string[]) => {
  const outputsFile = environment['OUTPUTS_FILE'] ?? join(folder, `outputs-${++outputsFiles}.json`);
  const child = spawn(process.execPath, ['--no-warnings', '--conditions=@sqs-browser/source', ...args], {
    cwd: join(import.meta.dirname, '..', '..'),
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

const npmStart = ['operations/cli/sqs-browser.ts', 'start'];

/** Starts the service on a free port and waits until it has said all it says. */
const start = async (...options: readonly string[]) => {
  const service = node({ PORT: '0' }, ...npmStart, ...options);
  const text = await service.prints(/Ctrl-C stops/);
  const [, url = ''] = /^sqs-browser is ready at (http:\/\/127\.0\.0\.1:\d+)$/m.exec(text) ?? [];
  return { ...service, text, url, port: new URL(url).port };
};

const create = async (url: string) => sessionSchema.parse(await (await fetch(`${url}/create/1/abc`)).json());

/** Receives a session's messages by its keys, in one attempt. */
const receiver = (endpoint: string, session: z.output<typeof sessionSchema>) => {
  const { sqsUrl: QueueUrl, accessKey: accessKeyId, secretKey: secretAccessKey, sessionToken } = session;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  return () => sqs.send(new ReceiveMessageCommand({ QueueUrl }));
};

const service = await start();

describe('npm start', () => {
  test('writes the outputs as cdk deploy does', async () => {
    const outputs = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(service.outputsFile, 'utf8')));
    expect(outputs).toEqual({ 'sqs-browser-dev': expect.objectContaining({ ApiUrl: `${service.url}/dev/` }) });
  });

  test('serves the demo', async () => {
    const { port, outputsFile } = service;
    const demo = await node({ PORT: port, OUTPUTS_FILE: outputsFile }, 'examples/demo.ts').ended;
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
    const text = `^Port ${service.port} is taken: .* --port \\d+, or PORT=\\d+ before the command\\.\n$`;
    const second = await node({ PORT: service.port }, ...npmStart).ended;
    expect(second).toEqual({ code: 1, text: expect.stringMatching(text) });
  });

  test('explains what is wrong with a variable of its environment', async () => {
    const text = expect.stringContaining("from env 'API_AUTH' is invalid. Allowed choices are none, iam.");
    expect(await node({ API_AUTH: 'yes' }, ...npmStart).ended).toEqual({ code: 2, text });
  });

  test('keeps sessions, messages and keys in a folder, under the same names, and stops cleanly at either signal', async () => {
    const data = join(folder, 'state');
    const first = await start('--data', data);
    expect(first.text).toContain(`What happens is kept in ${data}.`);
    const session = await create(first.url);
    await fetch(`${first.url}/notify/1?msg=Hello`);
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);

    const second = await start('--data', data);
    const receive = receiver(second.url, session);
    expect(await receive()).toMatchObject({ Messages: [{ Body: '{"accountId":1,"msg":"Hello"}' }] });
    const cli = ['operations/cli/sqs-browser.ts', '--endpoint', second.url];
    expect((await node({}, ...cli, 'sessions').ended).text).toMatch(/^1 +abc /m);

    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(0);
    const demo = await node({ PORT: second.port }, 'examples/demo.ts').ended;
    expect(demo).toEqual({ code: 1, text: expect.stringContaining('run npm start first') });
  });

  test('throttles one call in ten with --worst-case', async () => {
    const { url, text } = await start('--worst-case');
    expect(text).toContain('AWS is at its documented worst');
    const receive = receiver(url, await create(url));
    const calls = await Promise.allSettled(Array.from({ length: 10 }, receive));
    const throttled = calls.filter(
      (call) =>
        call.status === 'rejected' && z.object({ name: z.literal('RequestThrottled') }).safeParse(call.reason).success,
    );
    expect(throttled).toHaveLength(1);
  });

  test('says which file it cannot write', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const outputsFile = join(file, 'outputs.json');
    const text = expect.stringContaining(`${outputsFile} cannot be written`);
    expect(await node({ PORT: '0', OUTPUTS_FILE: outputsFile }, ...npmStart).ended).toEqual({ code: 1, text });
  });
});
