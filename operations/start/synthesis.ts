import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { environment } from '../environment.ts';
import { readJson } from '../json.ts';

/** A synthesized template, and what starting it again can use. */
export interface Synthesis {
  /** The template's path. */
  readonly template: string;
  /** Where V8 may keep what it made of the functions' bundles. */
  readonly compileCache?: string;
}

/** Synthesis failed; the message is what the CDK app printed. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

const project = join(import.meta.dirname, '..', '..');

/** The sources of a synthesis, apart from Node and what the lock file pins. */
const sources = ['infra', 'functions', 'statemachines', 'cdk.json', 'package-lock.json'];

/** The folder of syntheses. The name of each is a hash of its sources, so that none can be stale. */
const store = join(project, 'cdk.out', 'local');

/** How many syntheses are kept, besides those in use. */
const kept = 4;

/** A synthesis's name, this, and a process's id name a file that says that the process uses the synthesis. */
const usedBy = '.used-by-';

const filesOf = async (path: string): Promise<readonly string[]> => {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

const fingerprint = async (context: string): Promise<string> => {
  const hash = createHash('sha256').update(process.version).update(context);
  const files = (await Promise.all(sources.map((source) => filesOf(join(project, source))))).flat();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  files.forEach((file, index) => hash.update(`\0${file}\0`).update(contents[index] ?? ''));
  return hash.digest('hex').slice(0, 32);
};

/** Runs the CDK app by itself, without the CDK's command line tool. */
const runApp = (outdir: string, context: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const app = spawn(process.execPath, [join(project, 'infra', 'app.ts'), '--outdir', outdir, '--without-rules'], {
      cwd: project,
      // Checking the template against rules and CloudFormation's schemas takes longer than all the rest, and is for `cdk synth` to do.
      env: { ...environment, CDK_CONTEXT_JSON: context, CDK_VALIDATION: 'false', NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    app.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
    app.once('error', reject);
    app.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new SynthesisError(printed.trim() || `The CDK app ended with status ${code}`));
    });
  });

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const isRunning = (processId: number): boolean => {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Keeps the folder until this process has ended: the functions' threads may start at any time. */
const use = async (folder: string): Promise<void> => {
  await mkdir(store, { recursive: true });
  await writeFile(`${folder}${usedBy}${process.pid}`, '');
};

/** Removes all but the syntheses used last and those in use, and what ended processes left. */
const prune = async (): Promise<void> => {
  const names = await readdir(store);
  const ofProcesses = names.filter((name) => name.includes('.'));
  const ended = ofProcesses.filter((name) => !isRunning(Number(/\d+$/.exec(name)?.[0])));
  const inUse = new Set(ofProcesses.filter((name) => !ended.includes(name)).map((name) => name.split('.', 1)[0]));
  const others = names.filter((name) => !ofProcesses.includes(name) && !inUse.has(name));
  const used = await Promise.all(others.map(async (name) => ({ name, time: (await stat(join(store, name))).mtimeMs })));
  const old = used.sort((a, b) => b.time - a.time).slice(kept);
  const removed = [...ended, ...old.map(({ name }) => name)];
  await Promise.all(removed.map((name) => rm(join(store, name), { recursive: true, force: true })));
};

/** Synthesizes into a temporary folder first, so that two processes can do it at once. */
const synthesizeInto = async (folder: string, context: string): Promise<void> => {
  const unfinished = `${folder}.${process.pid}`;
  await runApp(unfinished, context);
  await rename(unfinished, folder).catch(async (error: unknown) => {
    if (!(await exists(folder))) throw error;
    await rm(unfinished, { recursive: true });
  });
  await prune().catch(() => undefined);
};

const cdkSchema = z.object({ context: z.optional(z.record(z.string(), z.unknown())) });

/** The project's own context: the values that `cdk deploy` takes from cdk.json too. */
const projectContext = async (): Promise<object> => {
  return readJson(cdkSchema, await readFile(join(project, 'cdk.json'), 'utf8'))?.context ?? {};
};

/** Lies beside the bundled command line. It was synthesized when the package was built. */
const packaged = join(import.meta.dirname, 'stack', 'sqs-browser-dev.template.json');

/** Context that the packaged stack has been synthesized with, or that makes no difference on this machine. */
const packagedContext = new Set(['logDispatchData']);

const packagedStack = (context: Readonly<Record<string, unknown>>): Synthesis => {
  const other = Object.keys(context).find((name) => !packagedContext.has(name));
  if (other !== undefined) {
    throw new SynthesisError(
      `The package's own stack takes no context, such as ${other}: synthesize a stack of yours, and start it with --app cdk.out.`,
    );
  }
  return { template: packaged };
};

/**
 * The template of this project's CDK app, synthesized unless that was done before from the very same sources.
 * @param context values that come on top of those in cdk.json
 * @throws SynthesisError with what the app says is wrong.
 */
export const synthesize = async (context: Readonly<Record<string, unknown>> = {}): Promise<Synthesis> => {
  if (!(await exists(join(project, 'infra', 'app.ts')))) return packagedStack(context);
  const allContext = JSON.stringify({ ...(await projectContext()), ...context });
  const folder = join(store, await fingerprint(allContext));
  await use(folder);
  if (!(await exists(folder))) await synthesizeInto(folder, allContext);
  await utimes(folder, new Date(), new Date());
  const template = (await readdir(folder)).find((name) => name.endsWith('.template.json'));
  if (template === undefined) throw new SynthesisError(`There is no template in ${folder}`);
  return { template: join(folder, template), compileCache: join(folder, 'compiled') };
};
