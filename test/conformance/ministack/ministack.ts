import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { pythonWith } from '../../acceptance/python.ts';
import { root, run, serve, type Served } from '../process.ts';
import { classPath } from '../velocity/engine.ts';

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

const folder = import.meta.dirname;
const region = 'us-east-1';
const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** A port that is free now; MiniStack takes none of the system's choice. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });

interface Started {
  readonly url: string;
  /** The folder with all that it writes. */
  readonly home: string;
  readonly python: string;
  readonly served: Served;
  readonly certificate: Buffer;
}

/** MiniStack with IAM and TLS, what is deployed to it, and the gateways before the deployed APIs. */
export class MiniStack implements AsyncDisposable {
  readonly url: string;
  /** What the AWS SDK for JavaScript needs to reach it as its administrator. */
  readonly client: object;
  readonly #home: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #python: string;
  readonly #served: Served[];
  /** Ends what is still running. */
  readonly #end = new AbortController();

  private constructor({ url, home, python, served, certificate }: Started) {
    this.url = url;
    this.#home = home;
    this.#python = python;
    this.#served = [served];
    const trusted = join(home, 'ministack-tls', 'server.crt');
    this.#env = {
      ...keys,
      ...{ AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_DEFAULT_REGION: region, CI: 'true' },
      ...{ NODE_EXTRA_CA_CERTS: trusted, AWS_CA_BUNDLE: trusted },
    };
    this.client = {
      ...{ endpoint: url, region, requestHandler: { httpsAgent: new Agent({ ca: certificate, keepAlive: false }) } },
      credentials: { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
    };
  }

  static async start(): Promise<MiniStack> {
    const python = await pythonWith(join(folder, 'requirements.txt'));
    const home = await mkdtemp(join(tmpdir(), 'ministack-'));
    const port = String(await freePort());
    const served = await serve(
      {
        command: python,
        args: [join(folder, 'serve.py')],
        // Nothing else of this environment: its functions run in this Node, and ask no endpoint but their own.
        env: {
          ...{
            PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
            HOME: home,
            TMPDIR: home,
            STATE_DIR: join(home, 'state'),
          },
          ...{ BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1', GATEWAY_PORT: port },
          ...{ AUTH: 'true', USE_SSL: '1', IOT_MTLS_ENABLED: '0', PYTHONDONTWRITEBYTECODE: '1' },
        },
        cwd: home,
      },
      /Running on https/,
    );
    const certificate = await readFile(join(home, 'ministack-tls', 'server.crt'));
    return new MiniStack({ url: `https://127.0.0.1:${port}`, home, python, served, certificate });
  }

  /** The CDK's command line tool. @throws Error with its output when it fails */
  async cdk(...args: readonly string[]): Promise<string> {
    const cli = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    return this.#succeed(process.execPath, [cli, '--output', join(this.#home, 'cdk.out'), ...args]);
  }

  /** Deploys a stage. @returns the outputs of its stack */
  async deploy(
    stage: string,
    context: Readonly<Record<string, string>> = {},
  ): Promise<Readonly<Record<string, string>>> {
    const file = join(this.#home, `${stage}.json`);
    const values = Object.entries({ stage, ...context }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    await this.cdk('deploy', '--require-approval', 'never', '--outputs-file', file, ...values);
    const stacks = outputsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return stacks[`sqs-browser-${stage}`] ?? {};
  }

  /** Serves a deployed API; MiniStack itself does not run its integrations. @returns its URL */
  async serveApi(apiUrl: string): Promise<string> {
    const env = {
      ...{ ...process.env, ...this.#env, API_URL: apiUrl, VELOCITY_CLASS_PATH: classPath('1.7') },
      // For what it sends without boto3.
      SSL_CERT_FILE: this.#env['AWS_CA_BUNDLE'],
    };
    const args = ['-B', join(folder, 'gateway.py'), '0'];
    const served = await serve({ command: this.#python, args, env, cwd: this.#home }, /^(http:\S+)$/m);
    this.#served.unshift(served);
    return served.match[1] ?? '';
  }

  /** `npm run acceptance` against a stack. @throws Error with what it printed when a scenario fails */
  acceptance(stack: string, api: string, skip: string): Promise<string> {
    const script = join(root, 'test', 'acceptance', 'run.ts');
    return this.#succeed(process.execPath, [
      ...['--conditions=@sqs-browser/source', script, '--target', this.url],
      ...['--stack', stack, '--api', api, '--skip', skip],
    ]);
  }

  async #succeed(command: string, args: readonly string[]): Promise<string> {
    await mkdir(this.#home, { recursive: true });
    const { code, output } = await run({
      command,
      args,
      env: { ...process.env, ...this.#env },
      signal: this.#end.signal,
    });
    if (code !== 0) {
      const served = this.#served.map((each) => each.output().slice(-3000)).join('\n');
      throw new Error(`${args.join(' ')} ended with ${String(code)}:\n${output.slice(-10_000)}\n${served}`);
    }
    return output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    for (const served of this.#served) await served[Symbol.asyncDispose]();
    await rm(this.#home, { recursive: true, force: true });
  }
}
