import { describe, expect, test } from '@jest/globals';
import { startStack } from './stack.ts';

const origin = 'https://app.example.com';
const stack = await startStack({ context: { allowedOrigins: origin } });

const preflight = (from: string) =>
  stack.call('/create/1/a', {
    method: 'OPTIONS',
    headers: { origin: from, 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-amz-date' },
  });

describe('a page of an allowed origin', () => {
  test('gets its preflight answered', async () => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')).toContain('authorization');
  });

  test('may read the answer', async () => {
    const { status, headers } = await stack.call('/create/1/a', { headers: { origin } });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
  });
});

test('a page of another origin may not read anything', async () => {
  const { headers } = await preflight('https://evil.example.com');
  expect(headers.get('access-control-allow-origin')).toBeNull();
  const answer = await stack.call('/create/1/a', { headers: { origin: 'https://evil.example.com' } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
