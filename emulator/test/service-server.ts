import { afterAll } from '@jest/globals';
import { createAccess } from '../access/index.ts';
import { createCalls } from '../calls.ts';
import { MovableClock } from '../clock.ts';
import { openServer } from '../server.ts';
import type { Service } from '../service.ts';

const accountId = '000000000000';
const region = 'us-east-1';

export const clock = new MovableClock();
export const access = createAccess({ clock, accountId, region, roles: [] });
/** What the factories of services take. */
export const location = { clock, accountId, region };

/** Serves on a free port until the tests of this file have ended; returns what SDK clients are configured with. */
export const serve = async (...services: readonly Service[]) => {
  const server = await openServer({ clock, port: 0 });
  const calls = createCalls({ services, access });
  server.serve({ calls, access, fallback: () => ({ status: 404, headers: {}, body: '' }) });
  afterAll(async () => {
    await server.close();
    clock.stop();
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  // Requests are signed with the machine's time, which the moved clock leaves behind: the SDK learns that by itself.
  return { endpoint: server.url, region, credentials, maxAttempts: 2 };
};
