import { expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import fc from 'fast-check';
import { createAccess } from '../../../access/index.ts';
import { MovableClock } from '../../../clock.ts';
import type { HttpRequest } from '../../../protocols/http.ts';

const access = createAccess({ clock: new MovableClock(), accountId: '000000000000', region: 'us-east-1', roles: [] });
const base = 'http://127.0.0.1:4000';

/** The request as it would arrive, signed by another implementation than ours. */
const signed = async (service: string, path: string, init: RequestInit = {}): Promise<HttpRequest> => {
  const client = new AwsClient({ accessKeyId: 'local', secretAccessKey: 'local', service, region: 'us-east-1' });
  const request = await client.sign(base + path, init);
  const [sentPath = '', query = ''] = request.url.slice(base.length).split('?', 2);
  return {
    method: request.method,
    path: sentPath,
    query,
    headers: { ...Object.fromEntries(request.headers), host: '127.0.0.1:4000' },
    body: Buffer.from(await request.arrayBuffer()),
    baseUrl: base,
    requestId: 'test',
    signal: new AbortController().signal,
  };
};

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

test('any session id in a path of the API verifies', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (id) => {
      fc.pre(id !== '.' && id !== '..');
      const request = await signed('execute-api', `/orders/12345/${encodeURIComponent(id)}`);
      expect(access.authenticate(request, 'execute-api')).toEqual({ type: 'administrator' });
    }),
  );
});

test('any query of the API verifies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, fc.string({ unit: 'grapheme' })), { maxLength: 5 }), async (pairs) => {
      const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
      const request = await signed('execute-api', `/orders/12345?${query}`);
      expect(access.authenticate(request, 'execute-api')).toEqual({ type: 'administrator' });
    }),
  );
});

test('any key of an object verifies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (segments) => {
      fc.pre(!segments.some((segment) => segment === '.' || segment === '..'));
      const request = await signed('s3', `/bucket/${segments.map(encodeURIComponent).join('/')}`);
      expect(access.authenticate(request, 's3')).toEqual({ type: 'administrator' });
    }),
  );
});

test('any body verifies, and no other body with its signature', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), async (body, other) => {
      fc.pre(body !== other);
      const request = await signed('sqs', '/', { method: 'POST', body });
      expect(access.authenticate(request, 'sqs')).toEqual({ type: 'administrator' });
      expect(() => access.authenticate({ ...request, body: Buffer.from(other) }, 'sqs')).toThrow('does not match');
    }),
  );
});
