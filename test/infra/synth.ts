import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { functionNames } from '../../infra/function-names.ts';
import { Template } from './template.ts';

const run = promisify(execFile);

/** A folder that is removed by `await using`. */
export const temporaryFolder = async (): Promise<{ path: string } & AsyncDisposable> => {
  const path = await mkdtemp(join(tmpdir(), 'sqs-browser-infra-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
};

/** Handlers that do nothing, each different, so that the template is quick to make and does not hang on their code. */
export const writeHandlers = async (folder: string, names: readonly string[] = functionNames): Promise<void> => {
  for (const name of names) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'handler.ts'), `export const handler = (): string => '${name}';\n`);
  }
};

/** What cdk-nag says. */
interface Findings {
  readonly conclusion: string;
  readonly violations: readonly unknown[];
  readonly suppressedViolations: readonly { readonly ruleName: string; readonly reason: string }[];
}

export interface Synthesized {
  readonly template: Template;
  readonly findings: Findings;
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8')) as unknown;

/** Synthesizes with a context, in a process of its own. @throws Error with what the process wrote to stderr. */
export const synth = async (context: Readonly<Record<string, unknown>> = {}): Promise<Synthesized> => {
  await using folder = await temporaryFolder();
  const functions = join(folder.path, 'functions');
  const outdir = join(folder.path, 'out');
  await writeHandlers(functions);
  const script = join(import.meta.dirname, 'run-synthesis.ts');
  await run(process.execPath, [script, JSON.stringify({ context, outdir, functions })]);
  const stage = typeof context['stage'] === 'string' ? context['stage'] : 'dev';
  const report = await readJson(join(outdir, 'validation-report.json'));
  const [findings] = (report as { pluginReports: readonly [Findings] }).pluginReports;
  return { template: new Template(await readJson(join(outdir, `sqs-browser-${stage}.template.json`))), findings };
};
