/** The example's own server, in front of the whole service, which asks for signatures: what it answers, and to whom. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Emulator } from 'aws-template-emulator';
import { BackendClient } from 'sqs-browser/backend';
import { createSite } from '../../../examples/app/site.ts';
import { listen, type WebServer } from '../../../examples/app/web-server.ts';
import { startService } from '../../../operations/start/service.ts';
import { serviceContext } from '../../tools/identities.ts';
import { serviceMode } from '../../tools/worst-case.ts';

let service: Emulator;
let server: WebServer;
let createdSessions = 0;

beforeAll(async () => {
  service = await startService({ ...serviceMode(), apiAuth: 'iam', context: serviceContext });
  service.calls.on(
    ({ service: name, action }) => (createdSessions += Number(`${name}:${action}` === 'sqs:CreateQueue')),
  );
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  server = await listen(createSite(new BackendClient({ apiUrl: service.url, credentials })), 0);
});

afterAll(async () => {
  await server.stop();
  await service.stop();
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** A request with the headers just as they are given; without a Host it has the right one. */
const send = async ({ method = 'POST', path = '/example/ada/login', headers = {}, body = '{}' }: Sent) => {
  const { host, port } = new URL(server.url);
  const given = { host, 'content-type': 'application/json', ...headers };
  const asked = request({ host: '127.0.0.1', port, method, path, headers: given, agent: false });
  asked.end(method === 'POST' ? body : undefined);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, text: await text(answer), cookies: answer.headers['set-cookie'] ?? [] };
};

test('serves the page, and logs in', async () => {
  expect(await send({ method: 'GET', path: '/example/' })).toMatchObject({ status: 200 });
  const login = await send({});
  expect(login).toMatchObject({ status: 200, cookies: [expect.stringContaining('HttpOnly; SameSite=Strict')] });
});

test('answers HEAD without a body', async () => {
  expect(await send({ method: 'HEAD', path: '/example/' })).toMatchObject({ status: 200, text: '' });
});

describe('refuses, and creates no session for', () => {
  test.each([
    ['a name that leads here', { host: 'evil.test' }, 421],
    ['a name that begins like this machine’s', { host: '127.0.0.1.evil.test' }, 421],
    ['a name that ends like it', { host: 'evil-localhost' }, 421],
    ['a name with a user before it', { host: 'localhost@evil.test' }, 421],
    ['a page of another origin', { origin: 'http://evil.test' }, 403],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page of another scheme', { origin: 'https://127.0.0.1' }, 403],
    ['a page that hides its origin', { origin: 'null' }, 403],
    [
      'a request of another site without its origin',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      403,
    ],
    ['a request of another port without its origin', { 'sec-fetch-site': 'same-site' }, 403],
    [
      'a form of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      403,
    ],
    ['what a form can send', { 'content-type': 'text/plain' }, 405],
  ])('%s', async (_whose, headers, status) => {
    const before = createdSessions;
    const answer = await send({ headers });
    expect([answer.status, answer.cookies]).toEqual([status, []]);
    expect(createdSessions).toBe(before);
  });
});

test.each([
  ['GET', '/example/ada/login', 405],
  ['PUT', '/example/ada/login', 405],
  ['OPTIONS', '/example/ada/login', 405],
  ['GET', 'http://evil.test/example/', 400],
  ['GET', '//evil.test/example/', 404],
  ['GET', '/example/../package.json', 404],
  ['GET', '/example/%2e%2e/server.ts', 404],
])('has nothing to run or to read at %s %s', async (method, path, status) => {
  expect((await send({ method, path })).status).toBe(status);
});

test('refuses a request without a Host', async () => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET /example/ HTTP/1.0\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 421 /);
});

test('lets another site link to its first page, and to no other', async () => {
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  expect((await send({ method: 'GET', path: '/example/', headers: link })).status).toBe(200);
  expect((await send({ method: 'GET', path: '/example/tab.html', headers: link })).status).toBe(403);
  const frame = { ...link, 'sec-fetch-dest': 'iframe' };
  expect((await send({ method: 'GET', path: '/example/', headers: frame })).status).toBe(403);
});

test.each([
  ['that is announced', { 'content-length': '16385' }],
  ['that comes in pieces', { 'transfer-encoding': 'chunked' }],
])('refuses a body %s and is too long', async (_how, headers) => {
  const body = JSON.stringify({ text: 'x'.repeat(16_374) });
  expect(body).toHaveLength(16_385);
  const answer = await send({ headers, body });
  expect([answer.status, answer.text]).toEqual([413, expect.stringContaining('longer than 16384 bytes')]);
  expect((await send({ headers: {}, body: `{"text":"${'x'.repeat(16_373)}"}` })).status).toBe(200);
});

const run = async (env: Readonly<Record<string, string>>) => {
  const args = ['--conditions=@sqs-browser/source', 'examples/app/server.ts'];
  const own = { API_URL: '', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  const child = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '', ...own, ...env } });
  const ended = once(child, 'exit').then(([code]: unknown[]) => code);
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  let url = '';
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    url = /ready at (\S+)/.exec(piece.toString())?.[1] ?? '';
    if (url) break;
  }
  return { url, ended, errors: () => errors, kill: () => child.kill() };
};

test('the program serves a deployed stack that its environment names', async () => {
  const program = await run({ API_URL: service.url, PORT: '0' });
  const headers = { 'content-type': 'application/json' };
  const login = await fetch(`${program.url}/ben/login`, { method: 'POST', headers, body: '{}' });
  expect(login.status).toBe(200);
  program.kill();
  await program.ended;
});

test.each([
  [{}, "API_URL is missing: set it to the stack's output ApiUrl.\n"],
  [{ API_URL: 'http://api.test' }, /^apiUrl is "http:\/\/api.test", but must begin with https:.*\n$/],
])('the program says in a sentence what its environment lacks: %j', async (env, sentence) => {
  const program = await run({ ...env, PORT: '0' });
  expect(await program.ended).toBe(1);
  expect(program.errors()).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
});
