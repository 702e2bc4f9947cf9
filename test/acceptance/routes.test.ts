import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { refusal, sessionSchema, startStack } from './stack.ts';

const listSchema = z.object({
  sessions: z.array(z.looseObject({ accountId: z.number(), sessionId: z.string() })),
  nextToken: z.optional(z.string()),
});

const stack = await startStack();
const methods = ['GET', 'POST'] as const;
const call = (method: string, path: string) => stack.call(path, { method });

const description = (accountId: number, sessionId: string, userId?: number) => ({
  accountId,
  sessionId,
  ...(userId === undefined ? {} : { userId }),
  sqsUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/brws-dev-[0-9a-f]+$/),
  identityId: expect.stringMatching(/^us-east-1:[0-9a-f-]{36}$/),
  accessKey: expect.stringMatching(/^ASIA/),
  secretKey: expect.any(String),
  sessionToken: expect.any(String),
  expires: expect.any(Number),
});

describe.each(methods)('%s', (method) => {
  const session = `s-${method}`;

  test('/create opens a session', async () => {
    const { status, headers, json } = await call(method, `/create/1/${session}`);
    expect({ status, json }).toEqual({ status: 200, json: description(1, session) });
    expect(headers.get('content-type')).toBe('application/json');
    const { expires } = sessionSchema.parse(json);
    expect(expires).toBeGreaterThan(Date.now() / 1000 + 3.9 * 3600);
  });

  test('/create opens a session of a user', async () => {
    expect(await call(method, `/create/1/${session}-user/42`)).toMatchObject({
      status: 200,
      json: description(1, `${session}-user`, 42),
    });
  });

  test('/renew gives new keys for the same queue and identity', async () => {
    const before = await stack.create(2, session);
    const { status, json } = await call(method, `/renew/2/${session}`);
    const { accessKey, sqsUrl, identityId } = before;
    expect({ status, json }).toMatchObject({ status: 200, json: { ...description(2, session), sqsUrl, identityId } });
    expect(sessionSchema.parse(json).accessKey).not.toBe(accessKey);
  });

  test('/status describes a session as create did, with keys of its own', async () => {
    const created = await stack.create(3, session);
    const { status, json } = await call(method, `/status/3/${session}`);
    const { sqsUrl, identityId, expires } = created;
    expect({ status, json }).toEqual({
      status: 200,
      json: { ...description(3, session), sqsUrl, identityId, expires: expect.any(Number) },
    });
    expect(Math.abs(sessionSchema.parse(json).expires - expires)).toBeLessThan(5);
  });

  test('/status lists the sessions of one account, without keys', async () => {
    const account = method === 'GET' ? 41 : 42;
    const created = [await stack.create(account, 'a'), await stack.create(account, 'b')];
    const { status, json } = await call(method, `/status/${account}`);
    const listed = created.map(({ accountId, sessionId, sqsUrl, identityId, expires }) => ({
      ...{ accountId, sessionId, sqsUrl, identityId, expires },
    }));
    expect({ status, json }).toEqual({ status: 200, json: { sessions: listed } });
  });

  test('/status lists all sessions, page by page', async () => {
    for (const id of ['a', 'b', 'c']) await stack.create(5, `${session}-${id}`);
    const seen: string[] = [];
    let next = '';
    do {
      const { status, json } = await call(method, `/status?limit=2${next}`);
      expect(status).toBe(200);
      const { sessions, nextToken } = listSchema.parse(json);
      expect(sessions.length).toBeLessThanOrEqual(2);
      seen.push(...sessions.map(({ accountId, sessionId }) => `${accountId}/${sessionId}`));
      next = nextToken === undefined ? '' : `&nextToken=${encodeURIComponent(nextToken)}`;
    } while (next);
    expect(seen).toEqual(expect.arrayContaining([`5/${session}-a`, `5/${session}-b`, `5/${session}-c`]));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('/destroy ends a session', async () => {
    await stack.create(6, session);
    expect(await call(method, `/destroy/6/${session}`)).toMatchObject({ status: 200, json: { destroyed: true } });
    expect(await call(method, `/status/6/${session}`)).toMatchObject({ status: 404, json: refusal('SessionNotFound') });
  });

  test('/cleanup says what it removed', async () => {
    expect(await call(method, '/cleanup')).toMatchObject({
      status: 200,
      json: { sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: true },
    });
  });

  test.each(['renew', 'status', 'destroy'])('/%s of no session gets 404', async (route) => {
    expect(await call(method, `/${route}/7/nobody`)).toMatchObject({ status: 404, json: refusal('SessionNotFound') });
  });

  test('/notify of no session reaches nobody', async () => {
    expect(await call(method, '/notify/8?msg=hi')).toMatchObject({
      status: 200,
      json: { messageId: expect.any(String), sessions: 0, delivered: 0 },
    });
  });
});

test.each(['/', '/nothing', '/create', '/create/1', '/renew/1', '/notify', '/notify/1/user', '/status/1/a/b'])(
  '%s is no route and gets 403 in the shape of errors',
  async (path) => {
    expect(await stack.call(path)).toMatchObject({ status: 403, json: refusal('AccessDenied') });
  },
);

test('another method than GET and POST gets 403 in the shape of errors', async () => {
  expect(await stack.call('/status', { method: 'DELETE' })).toMatchObject({
    status: 403,
    json: refusal('AccessDenied'),
  });
});

test('a body of another type gets 415 in the shape of errors', async () => {
  const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' };
  expect(await stack.call('/notify/1', init)).toMatchObject({ status: 415, json: refusal('UnsupportedMediaType') });
});

test.each(['//create/9/a', '/dev/create/9/a', '//dev/create/9/a'])('%s leads to the route as well', async (path) => {
  expect(await stack.call(path)).toMatchObject({ status: 200, json: { accountId: 9, sessionId: 'a' } });
});

test('the URL in the outputs leads to the API', async () => {
  const response = await fetch(`${stack.runtime.outputs['ApiUrl'] ?? ''}create/9/b`);
  expect(response.status).toBe(200);
});
