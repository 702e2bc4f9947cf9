import { afterAll, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announceService, findServices, servicesFolder } from '../../../operations/start/running-services.ts';

const folder = await mkdtemp(join(tmpdir(), 'services-'));
afterAll(() => rm(folder, { recursive: true }));

const service = (port: number, started: number, processId = process.pid) => ({
  ...{ url: `http://127.0.0.1:${port}`, stackName: 'stack', region: 'us-east-1', processId, started },
});

test('services that run are found, the latest first, until they withdraw', async () => {
  const withdraw = await announceService(service(4001, 1), folder);
  await announceService(service(4002, 2), folder);
  // No process has this id: Linux gives none above 2^22.
  await announceService(service(4003, 3, 2 ** 30), folder);
  await writeFile(join(folder, 'broken.json'), 'no JSON');
  expect((await findServices(folder)).map(({ url }) => url)).toEqual([
    'http://127.0.0.1:4002',
    'http://127.0.0.1:4001',
  ]);
  await withdraw();
  expect(await findServices(folder)).toMatchObject([{ url: 'http://127.0.0.1:4002' }]);
  expect(await readdir(folder)).toHaveLength(1);
});

test('a folder that is not there has no services', async () => {
  expect(await findServices(join(folder, 'none'))).toEqual([]);
});

test('the folder is the person’s cache unless the environment names another', () => {
  expect(servicesFolder({ SQS_BROWSER_SERVICES: '/x' })).toBe('/x');
  expect(servicesFolder({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/sqs-browser/services');
});
