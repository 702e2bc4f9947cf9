import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';

const root = join(import.meta.dirname, '..', '..');

/** The Node that runs the package: another one than this, if the environment names it. */
export const node = process.env['CLIENT_NODE'] ?? process.execPath;

const execute = promisify(execFile);

const versionSchema = z.object({ version: z.string() });

/** A folder of its own, as a user of the package has it. */
export class Project {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A project with the packed package, and with what else it installs: names or paths, as npm takes them. */
  static async create(...packages: readonly string[]): Promise<Project> {
    const project = await Project.empty();
    const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', project.folder], { cwd: root });
    const [tarball] = /sqs-browser-[\w.-]+\.tgz/.exec(stdout) ?? [];
    await project.install(`./${tarball ?? ''}`, ...packages);
    return project;
  }

  /** A project with the tarball of the emulator, and with what else it installs. */
  static async withEmulator(...packages: readonly string[]): Promise<Project> {
    const project = await Project.empty();
    await execute('npm', ['run', 'tarball', '-w', 'aws-template-emulator'], { cwd: root });
    const { version } = versionSchema.parse(JSON.parse(await readFile(join(root, 'emulator', 'package.json'), 'utf8')));
    await project.install(join(root, 'emulator', 'dist', `aws-template-emulator-${version}.tgz`), ...packages);
    return project;
  }

  static async empty(): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'project-')));
    // dynalite's tables on disk would need the script; those in memory do not.
    const allowScripts = { 'classic-level': false };
    await project.write({ 'package.json': JSON.stringify({ private: true, allowScripts }) });
    return project;
  }

  async install(...packages: readonly string[]): Promise<void> {
    await this.run('npm', 'install', '--no-audit', '--no-fund', ...packages);
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }

  /** Runs a program in the project and returns what it printed. @throws Error with its output when it fails */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    try {
      const env = { ...process.env, NODE_OPTIONS: '' };
      return (await execute(command, args, { cwd: this.folder, env })).stdout;
    } catch (error) {
      const { stdout, stderr } = Object(error) as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(`${command} ${args.join(' ')}: ${stdout ?? ''}${stderr ?? ''}`, { cause: error });
    }
  }

  /** Runs a program of ours, such as the TypeScript compiler. */
  runTool(path: string, ...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, join(root, 'node_modules', path), ...args);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
