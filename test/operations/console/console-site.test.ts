import { afterAll, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { createConsole } from '../../../operations/console/console-site.ts';
import type { Guard } from '../../../operations/console/guard.ts';
import { createReadingGuard } from '../../../operations/console/guard.ts';
import { openDeployment } from '../../../operations/deployment/deployment.ts';
import { startService } from '../../../operations/start/service.ts';
import { serviceContext } from '../../tools/identities.ts';
import { serviceMode } from '../../tools/worst-case.ts';

const runsSchema = z.array(z.object({ arn: z.string(), started: z.number() }));

const service = await startService({ ...serviceMode(), context: serviceContext });
afterAll(() => service.stop());

const host = 'http://127.0.0.1:4000';
const token = 'the-token';
const files = { '/console/page.js': { type: 'text/javascript', body: '1' } };
const open = () => openDeployment({ stack: service.stackName, region: 'us-east-1', endpoint: service.url });
const create = (guard: Guard) => createConsole({ open, files: () => Promise.resolve(files), guard });
const local = create({ token });
const deployed = create({ token, reading: createReadingGuard('of-the-address', 'of-the-cookie') });

const get = (path: string, headers: Record<string, string> = {}, site = local) =>
  site(new Request(`${host}${path}`, { headers }));

const post = (path: string, body: object, headers: Record<string, string> = { 'x-console-token': token }) =>
  local(new Request(`${host}${path}`, { method: 'POST', body: JSON.stringify(body), headers }));

test('the page carries its token, and no other page may frame it or run scripts in it', async () => {
  const response = await get('/');
  expect(await response.text()).toContain(`<meta name="console-token" content="${token}">`);
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(response.headers.has('access-control-allow-origin')).toBe(false);
});

test.each([
  ['a page of another origin', { origin: 'http://evil.example' }],
  ['a page of another port of this machine', { origin: 'http://127.0.0.1:9999' }],
  ['a script of another site without an Origin', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
])('%s reads nothing', async (_who, headers) => {
  const response = await get('/console/api/sessions', headers);
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual({ error: expect.stringMatching(/^Pages of other/) });
});

test('another host name reads nothing, whatever it resolves to', async () => {
  const response = await local(new Request('http://evil.example:4000/console/api/sessions'));
  expect(response.status).toBe(403);
});

test.each([
  ['without the token', {}],
  ['with a wrong token', { 'x-console-token': 'another' }],
])('a change %s changes nothing', async (_how, headers) => {
  const response = await post('/console/api/create', { accountId: 1, sessionId: 'abc' }, headers);
  expect(response.status).toBe(403);
  const sessions: unknown = await (await get('/console/api/sessions')).json();
  expect(sessions).not.toContainEqual(expect.objectContaining({ accountId: 1 }));
});

test('a deployed service is read only by the browser that opened the printed address', async () => {
  expect((await get('/', {}, deployed)).status).toBe(403);
  expect((await get('/?token=wrong', {}, deployed)).status).toBe(403);
  expect((await get(`/?token=${token}`, {}, deployed)).status).toBe(403);
  const opened = await get('/?token=of-the-address', {}, deployed);
  expect(opened.status).toBe(303);
  const cookie = opened.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
  expect((await get('/', { cookie: cookie.split(';')[0] ?? '' }, deployed)).status).toBe(200);
  expect(cookie).not.toContain('of-the-address');
  expect((await get('/?token=of-the-address', {}, deployed)).status).toBe(403);
});

test('sessions are created, notified, listed without keys, and ended', async () => {
  const created: unknown = await (await post('/console/api/create', { accountId: 2, sessionId: 'abc' })).json();
  expect(created).toEqual({ accountId: 2, sessionId: 'abc', expires: expect.any(Number) });
  const notified = await post('/console/api/notify', { accountId: 2, message: { msg: 'Hello' } });
  expect(await notified.json()).toMatchObject({ sessions: 1, delivered: 1 });
  const listed: unknown = await (await get('/console/api/sessions?account=2')).json();
  const numbers = { createdAt: expect.any(Number), expires: expect.any(Number) };
  expect(listed).toEqual([{ accountId: 2, sessionId: 'abc', queueUrl: expect.any(String), ...numbers }]);
  const destroyed = await post('/console/api/destroy', { accountId: 2, sessionId: 'abc' });
  expect(await destroyed.json()).toEqual({ destroyed: true });
});

test('a run is answered with its definition and events', async () => {
  await post('/console/api/create', { accountId: 3, sessionId: 'abc' });
  const runs: unknown = await (await get('/console/api/runs?machine=create-session')).json();
  const [run] = runsSchema.parse(runs);
  const answer = await get(`/console/api/run?arn=${encodeURIComponent(run?.arn ?? '')}&at=${run?.started ?? 0}`);
  expect(await answer.json()).toMatchObject({
    definition: { StartAt: expect.any(String) },
    events: expect.arrayContaining([expect.objectContaining({ type: 'ExecutionSucceeded' })]),
  });
});

test('the overview has counts, alarms and what waits', async () => {
  expect(await (await get('/console/api/overview')).json()).toMatchObject({
    ...{ sessions: expect.any(Number), undelivered: 0, rejected: 0, alarms: [], keptFor: 0 },
    metrics: { messagesDelivered: { times: expect.any(Array), values: expect.any(Array) } },
  });
});

test('of a service on AWS the overview reads metrics once a minute, unless it is refreshed', async () => {
  const opened = await open();
  let asked = 0;
  opened.clients.cloudWatch.middlewareStack.add((next, { commandName }) => (args) => {
    if (commandName === 'GetMetricDataCommand') asked += 1;
    return next(args);
  });
  let time = opened.now();
  const onAws = { ...opened, endpoint: undefined, now: () => time };
  const site = createConsole({
    ...{ open: () => Promise.resolve(onAws), files: () => Promise.resolve(files) },
    guard: { token },
  });
  const look = async (query = ''): Promise<number> => {
    const answer = await get(`/console/api/overview?since=900000${query}`, {}, site);
    expect(await answer.json()).toMatchObject({ keptFor: 60 });
    return asked;
  };
  expect([await look(), await look()]).toEqual([1, 1]);
  time += 59_999;
  expect(await look()).toBe(1);
  expect(await look('&fresh=true')).toBe(2);
  time += 60_000;
  expect([await look(), await look()]).toEqual([3, 3]);
});

test.each(['/console/api/nothing', '/console/api/toString', '/console/none.js'])('%s is not there', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('a change that is not right is refused with what is wrong', async () => {
  const response = await post('/console/api/redrive', { place: 'nowhere', dryRun: true });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.stringContaining('place') });
  const failed = await post('/console/api/destroy', { accountId: 4, sessionId: 'none' });
  expect(failed.status).toBe(404);
  expect(await failed.json()).toEqual({ error: 'SessionNotFound: Account 4 has no session "none"' });
});
