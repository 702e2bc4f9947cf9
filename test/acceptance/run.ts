/** `npm run acceptance`: runs the scenarios of scenarios/ with boto3 against any deployed service; docs/acceptance.md. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startService } from '../../operations/start/service.ts';
import { pythonWith, SetupError } from './python.ts';
import { readSettings, usage, UsageError, type Settings } from './settings.ts';

type Environment = Readonly<Record<string, string>>;

const folder = join(import.meta.dirname, 'scenarios');

/** Runs the scenarios, with what they print on this process' output. @returns their exit code */
const runScenarios = async (environment: Environment): Promise<number> => {
  const python = await pythonWith(join(folder, 'requirements.txt'));
  const child = spawn(python, [join(folder, 'main.py')], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...environment },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
};

const regionOf = (name: string | undefined): Environment =>
  name === undefined ? {} : { AWS_REGION: name, AWS_DEFAULT_REGION: name };

/** Runs them against the service of `npm start`, started for them, with a signed API. */
const runLocally = async (common: Environment): Promise<number> => {
  const service = await startService({ apiAuth: 'iam' });
  try {
    return await runScenarios({
      ...common,
      ...regionOf('us-east-1'),
      ...{ ENDPOINT: service.url, API_URL: service.url, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    });
  } finally {
    await service.stop();
  }
};

const run = ({ target, stack, region, api, skip }: Settings): Promise<number> => {
  const common = { STACK: stack, SKIP: skip, ...(api !== undefined && { API_URL: api }) };
  if (target === 'local') return runLocally(common);
  if (target === 'aws') return runScenarios({ ...common, ...regionOf(region) });
  const endpoint = target.href.replace(/\/$/, '');
  return runScenarios({
    ...common,
    ...regionOf(region ?? process.env['AWS_REGION'] ?? 'us-east-1'),
    ENDPOINT: endpoint,
  });
};

try {
  process.exitCode = await run(readSettings(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof SetupError)) throw error;
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error.message);
  process.exitCode = 2;
}
