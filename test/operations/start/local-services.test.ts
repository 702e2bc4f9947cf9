/** A user's own stack with two services in it, on this machine. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import { bundleFunctions } from '../../../infra/function-bundles.ts';
import { localServices } from '../../../operations/start/local-services.ts';
import { welcome } from '../../../operations/start/welcome.ts';
import { temporaryFolder, unchecked } from '../../infra/synth.ts';
import { startAnnounced } from '../cli/command-line.ts';

const root = join(import.meta.dirname, '..', '..', '..');

const folder = await temporaryFolder();
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});
const [outdir, functions] = [join(folder.path, 'out'), join(folder.path, 'functions')];
await bundleFunctions({ sources: join(root, 'functions'), outdir: functions });
const script = join(root, 'test', 'operations', 'deployment', 'several-services-app.ts');
await promisify(execFile)(process.execPath, [script, outdir, functions], { env: unchecked });

const { service, run } = await startAnnounced({ app: { app: outdir } });

test('a command asks which one is meant', async () => {
  const { code, notes } = await run(['sessions']);
  expect(code).toBe(1);
  expect(notes).toEqual(['The stack Shop has 2 services, BackendPush2, Push: choose one with --construct.']);
});

test('each has sessions and events of its own', async () => {
  expect(await run(['create', '12345', 'abc', '--construct', 'Push'])).toMatchObject({ code: 0, notes: [] });
  const reached = async (construct: string): Promise<unknown> => {
    const { lines } = await run(['notify', '12345', '{"msg":"Hello"}', '--construct', construct, '--json']);
    return JSON.parse(lines.join(''));
  };
  expect(await reached('Push')).toMatchObject({ sessions: 1, delivered: 1 });
  expect(await reached('Backend/Push-2')).toMatchObject({ sessions: 0, delivered: 0 });
});

test('the welcome names both, and its commands are for the first', () => {
  const [first, second] = localServices(service);
  expect(first).toMatchObject({ construct: 'BackendPush2', streamName: undefined });
  expect(second?.apiUrl).toMatch(new RegExp(`^${service.url}/[a-z0-9]{10}/prod$`));
  const text = welcome(service);
  expect(text).toContain(`  BackendPush2: ${first.apiUrl}\n  Push: ${second?.apiUrl}\n`);
  expect(text).toContain(`session=$(curl -s ${first.apiUrl}/create/12345/abc)`);
  expect(text).not.toContain('put-record');
});
