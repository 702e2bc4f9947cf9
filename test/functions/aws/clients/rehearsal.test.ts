import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { exchange, RehearsalAgent } from '../../../../functions/aws/clients.ts';

test('a rehearsed request reaches nobody, and is answered with an empty object', async () => {
  const to = { method: 'POST', hostname: 'nobody.invalid', agent: new RehearsalAgent() };
  const timeouts = { connectionTimeout: 60_000, requestTimeout: 60_000 };
  expect(await exchange(request, to, '{"a":1}', timeouts)).toMatchObject({ status: 200, text: '{}' });
});
