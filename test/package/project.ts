import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');

/** The Node that runs the package: another one than this, if the environment names it. */
export const node = process.env['CLIENT_NODE'] ?? process.execPath;

const execute = promisify(execFile);

/** A folder of its own, as a user of the package has it. */
export class Project {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A project with the packed package, and with what else it installs. */
  static async create(...packages: readonly string[]): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), 'project-')));
    const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', project.folder], { cwd: root });
    const [tarball] = /sqs-browser-[\w.-]+\.tgz/.exec(stdout) ?? [];
    await project.write({ 'package.json': JSON.stringify({ private: true }) });
    await project.run('npm', 'install', '--no-audit', '--no-fund', `./${tarball ?? ''}`, ...packages);
    return project;
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
