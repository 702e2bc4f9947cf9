/** The example's backend against the whole service, which asks for signatures. The page is tested in Chromium. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lazyExample } from '../../operations/start/example.ts';
import type { Emulator } from 'aws-template-emulator';
import { BackendClient } from 'sqs-browser/backend';
import { startService } from '../../operations/start/service.ts';
import type { Session } from '../../client/shared/session.ts';
import { Stack } from '../acceptance/stack.ts';

let runtime: Emulator;
let stack: Stack;

beforeAll(async () => {
  runtime = await startService({
    apiAuth: 'iam',
    instantRetries: true,
    sites: { '/example': lazyExample(() => runtime) },
  });
  stack = new Stack(runtime);
});

afterAll(() => runtime.stop());

interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly cookie: string;
}

const post = async (action: string, body: object, cookie = ''): Promise<Answer> => {
  const response = await fetch(`${runtime.url}/example/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  const [set = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  return { status: response.status, json: (await response.json()) as Answer['json'], cookie: set };
};

const logIn = async (name: string): Promise<{ session: Session; cookie: string }> => {
  const { json, cookie } = await post('login', { name });
  return { session: json as unknown as Session, cookie };
};

test.each([
  ['/example/', 'text/html', '<title>'],
  ['/example', 'text/html', '<title>'],
  ['/example/page.css', 'text/css', ':root'],
  ['/example/page.js', 'text/javascript', 'AWS4-HMAC-SHA256'],
])('serves %s', async (path, type, part) => {
  const response = await fetch(runtime.url + path);
  expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  expect(await response.text()).toContain(part);
});

test.each(['/example/nothing', '/example/__proto__', '/example/constructor'])('has nothing at %s', async (path) => {
  expect((await fetch(runtime.url + path)).status).toBe(404);
});

test('leaves other paths to the API', async () => {
  expect((await fetch(`${runtime.url}/examples`)).status).toBe(403);
});

test('logs in with a session that the page can use, and with a cookie that scripts cannot read', async () => {
  const response = await fetch(`${runtime.url}/example/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ada"}',
  });
  expect(response.headers.get('set-cookie')).toMatch(
    /^example=[\w-]+; HttpOnly; SameSite=Strict; Path=\/example; Max-Age=86400$/,
  );
  const session = (await response.json()) as Session;
  expect(session).toMatchObject({ accountId: 1001, userId: 7 });
  expect(session).not.toHaveProperty('identityId');
  expect(await stack.receive(session)).toEqual([]);
});

test.each(['notify', 'stream'])('sends to whom it is told, by %s', async (by) => {
  const [ada, adaToo, ben] = [await logIn('Ada'), await logIn('Ada'), await logIn('Ben')];
  for (const to of ['everyone', 'me', 'this browser']) {
    expect(await post('notify', { to, by, text: to }, ada.cookie)).toMatchObject({ status: 200 });
  }
  await runtime.idle();
  const received = async ({ session }: typeof ada): Promise<unknown[]> =>
    (await stack.receive(session)).map((body) => (JSON.parse(body) as { text: string }).text);
  expect(await received(ada)).toEqual(['everyone', 'me', 'this browser']);
  expect(await received(adaToo)).toEqual(['everyone', 'me']);
  expect(await received(ben)).toEqual(['everyone']);
  for (const { cookie } of [ada, adaToo, ben]) await post('logout', {}, cookie);
});

test('renews the keys of whoever is logged in', async () => {
  const { session, cookie } = await logIn('Ben');
  const { json } = await post('renew', {}, cookie);
  expect(json).toMatchObject({ sqsUrl: session.sqsUrl, userId: 8 });
  expect(json['accessKey']).not.toBe(session.accessKey);
});

test('ends the login that the browser had, and sends nothing in the name of another', async () => {
  const before = await logIn('Ada');
  const { json, cookie } = await post('login', { name: 'Ben' }, before.cookie);
  expect(json).toMatchObject({ name: 'Ben' });
  expect(await post('renew', {}, before.cookie)).toMatchObject({ status: 404, json: { error: 'SessionNotFound' } });
  const note = { to: 'everyone', by: 'notify', text: 'x' };
  const wrong = await post('notify', { ...note, from: 'Ada' }, cookie);
  expect(wrong).toMatchObject({ status: 409, json: { message: 'This browser is logged in as Ben now.' } });
  expect(await post('notify', { ...note, from: 'Ben' }, cookie)).toMatchObject({ status: 200 });
});

test('creates the session anew when it is gone while the login lasts', async () => {
  const { session, cookie } = await logIn('Ada');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  await new BackendClient({ apiUrl: runtime.outputs['ApiUrl'] ?? '', credentials }).destroySession(session);
  const { status, json } = await post('renew', {}, cookie);
  expect([status, json['sessionId']]).toEqual([200, session.sessionId]);
  expect(json['sqsUrl']).not.toBe(session.sqsUrl);
});

test('logs out for good', async () => {
  const { session, cookie } = await logIn('Ben');
  expect(await post('logout', {}, cookie)).toMatchObject({ status: 200 });
  expect(await post('renew', {}, cookie)).toMatchObject({ status: 404, json: { error: 'SessionNotFound' } });
  await expect(stack.receive(session)).rejects.toThrow();
});

describe('refuses', () => {
  test('a stranger', async () => {
    expect(await post('login', { name: 'Eve' })).toMatchObject({ status: 400, json: { error: 'NobodyByThatName' } });
  });

  test.each(['renew', 'notify', 'logout'])('%s of nobody', async (action) => {
    expect(await post(action, {}, 'example=guess')).toMatchObject({ status: 404, json: { error: 'SessionNotFound' } });
  });

  test.each([
    { to: 'all', by: 'notify', text: 'x' },
    { to: 'me', by: 'pigeon', text: 'x' },
    { to: 'me', by: 'notify', text: '' },
    { to: 'me', by: 'notify', text: 'x'.repeat(501) },
  ])('the note %j', async (note) => {
    const { cookie } = await logIn('Ada');
    expect(await post('notify', note, cookie)).toMatchObject({ status: 400, json: { error: 'InvalidNote' } });
  });

  test('what a form of another site could send', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"name":"Ada"}' };
    expect((await fetch(`${runtime.url}/example/login`, init)).status).toBe(405);
  });
});
