import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { taskNames } from '../../infra/tasks.ts';
import { Template } from './template.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

/** A folder that is removed by `await using`. */
export const temporaryFolder = async (): Promise<{ path: string } & AsyncDisposable> => {
  const path = await mkdtemp(join(tmpdir(), 'sqs-browser-infra-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
};

/** Handlers that do nothing, each different, so that the template is quick to make and does not hang on their code. */
export const writeHandlers = async (folder: string, names: readonly string[] = taskNames): Promise<void> => {
  for (const name of names) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'handler.ts'), `export const handler = (): string => '${name}';\n`);
  }
};

/** What cdk-nag says. */
const findingsSchema = z.object({
  conclusion: z.string(),
  violations: z.array(z.unknown()),
  suppressedViolations: z.array(z.looseObject({ ruleName: z.string(), reason: z.string() })),
});

const synthesizedSchema = z.object({
  template: z.unknown(),
  report: z.object({ pluginReports: z.tuple([findingsSchema]) }),
});

export interface Synthesized {
  readonly template: Template;
  readonly findings: z.infer<typeof findingsSchema>;
}

type Context = Readonly<Record<string, unknown>>;

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/**
 * The environment of a synthesis without CloudFormation's schemas, which take longer than all the rest: test/conformance/linters has
 * the CDK check them. cdk-nag checks all the same.
 */
export const unchecked = { ...process.env, CDK_VALIDATION: 'false' };

/** In one process, which is not this one: the CDK takes several times as long to load among Jest's modules. */
const synthesize = async (contexts: readonly Context[]): Promise<readonly object[]> => {
  await using folder = await temporaryFolder();
  const functions = join(folder.path, 'functions');
  await writeHandlers(functions);
  const runs = contexts.map((context, index) => ({ context, functions, outdir: join(folder.path, `out${index}`) }));
  await run(process.execPath, [join(import.meta.dirname, 'run-synthesis.ts'), JSON.stringify(runs)], {
    env: unchecked,
  });
  return await Promise.all(
    runs.map(async ({ outdir, context: { stage = 'dev' } }) => ({
      template: await readJson(join(outdir, `sqs-browser-${String(stage)}.template.json`)),
      report: await readJson(join(outdir, 'validation-report.json')),
    })),
  );
};

const sources = [
  'infra/**/*.*',
  'statemachines/*',
  'functions/aws/environment.ts',
  'functions/aws/metric-names.ts',
  'functions/sessions/queues.ts',
  'client/shared/*',
  'package-lock.json',
];

/** A file of what was synthesized before from the same sources; the test files share it. */
const cacheFile = async (context: Context): Promise<string> => {
  const hash = createHash('sha256').update(JSON.stringify(context));
  for (const file of globSync(sources, { cwd: root }).sort()) {
    hash.update(file).update(await readFile(join(root, file)));
  }
  return join(root, 'node_modules', '.cache', 'sqs-browser', `${hash.digest('hex')}.json`);
};

const keep = async (file: string, made: unknown): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(made));
  await rename(`${file}.${process.pid}`, file);
};

/** Synthesizes with each of the contexts; in one go, which is faster, what nobody has yet. @throws Error with what the synthesis wrote to stderr */
export const synthAll = async <const C extends readonly Context[]>(
  ...contexts: C
): Promise<{ readonly [I in keyof C]: Synthesized }> => {
  const wanted = await Promise.all(
    contexts.map(async (context) => {
      const file = await cacheFile(context);
      return { context, file, kept: await readJson(file).catch(() => undefined) };
    }),
  );
  const missing = wanted.filter(({ kept }) => kept === undefined);
  const made = missing.length === 0 ? [] : await synthesize(missing.map(({ context }) => context));
  await Promise.all(missing.map(({ file }, index) => keep(file, made[index])));
  return wanted.map((each) => {
    const { template, report } = synthesizedSchema.parse(each.kept ?? made[missing.indexOf(each)]);
    return { template: new Template(template), findings: report.pluginReports[0] };
  }) as { [I in keyof C]: Synthesized };
};

/** Synthesizes with a context. @throws Error with what the synthesis wrote to stderr */
export const synth = async (context: Context = {}): Promise<Synthesized> => (await synthAll(context))[0];
