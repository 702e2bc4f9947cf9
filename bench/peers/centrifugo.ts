import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Messaging } from '../messaging.ts';
import { signedCalls } from '../signed-calls.ts';

/** A WebSocket that is subscribed to one channel. */
export interface Subscriber {
  readonly socket: WebSocket;
  onMessage: (body: string) => void;
}

/** Centrifugo in a process of its own. */
export interface Centrifugo {
  /** What `centrifugo version` prints. */
  readonly version: string;
  readonly messaging: Messaging<Subscriber>;
  stop(): Promise<void>;
}

/** Everybody may connect, subscribe and publish; a channel keeps its last messages, as a queue does. https://centrifugal.dev/docs/server/configuration */
const configuration = (port: number): object => ({
  client: { insecure: true, allowed_origins: ['*'] },
  http_server: { address: '127.0.0.1', port: String(port) },
  http_api: { insecure: true },
  channel: { without_namespace: { history_size: 100, history_ttl: '300s' } },
  log: { level: 'error' },
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};

/** What comes over a connection: https://centrifugal.dev/docs/transports/client_protocol */
const replySchema = z.object({
  id: z.optional(z.number()),
  error: z.optional(z.object({ message: z.string() })),
  push: z.optional(z.object({ pub: z.optional(z.object({ data: z.unknown() })) })),
});

const textOf = ({ data }: { readonly data: unknown }): string => String(data);

const subscribe = async (port: number, channel: string): Promise<Subscriber> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/connection/websocket`);
  const subscriber: Subscriber = { socket, onMessage: () => undefined };
  const subscribed = Promise.withResolvers<undefined>();
  socket.addEventListener('error', () => {
    subscribed.reject(new Error(`The connection for ${channel} failed`));
  });
  socket.addEventListener('open', () => {
    socket.send(`${JSON.stringify({ id: 1, connect: {} })}\n${JSON.stringify({ id: 2, subscribe: { channel } })}`);
  });
  socket.addEventListener('message', (event: { readonly data: unknown }) => {
    for (const line of textOf(event).split('\n').filter(Boolean)) {
      // An empty object asks for one.
      if (line === '{}') socket.send('{}');
      const { id, error, push } = replySchema.parse(JSON.parse(line));
      if (error) subscribed.reject(new Error(`Centrifugo refused ${channel}: ${error.message}`));
      if (id === 2) subscribed.resolve(undefined);
      if (push?.pub) subscriber.onMessage(JSON.stringify(push.pub.data));
    }
  });
  await subscribed.promise;
  return subscriber;
};

const ready = async (calls: ReturnType<typeof signedCalls>, child: ChildProcess): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`Centrifugo ended with ${child.exitCode}`);
    const answer = await calls.post('/api/info', {}).catch(() => undefined);
    if (answer !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Centrifugo did not answer for ten seconds');
};

/** The version that docs/performance.md says how to install. */
const module = 'github.com/centrifugal/centrifugo/v6@v6.9.1';

/**
 * The version that Go keeps in a program that `go install` has made, which prints v0.0.0 itself: https://pkg.go.dev/debug/buildinfo
 * @param program a path; undefined for what is none, and for a program without
 */
const builtVersion = (program: string): string | undefined =>
  existsSync(program)
    ? /\tgithub\.com\/centrifugal\/centrifugo\/v\d+\t(v[\w.-]+)/.exec(readFileSync(program, 'latin1'))?.[1]
    : undefined;

/** What the program prints as its version. @throws Error that says how to get it, when it cannot be run */
export const versionOf = (program: string): string => {
  try {
    const printed = execFileSync(program, ['version'], { encoding: 'utf8' }).trim();
    return printed.includes(' v0.0.0 ') ? printed.replace('v0.0.0', builtVersion(program) ?? 'v0.0.0') : printed;
  } catch (error) {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    throw new Error(
      `The program "${program}" cannot be run (${code}). \`go install ${module}\` makes it, or take a release of https://github.com/centrifugal/centrifugo/releases; CENTRIFUGO=<path> names one that is not in the path.`,
      { cause: error },
    );
  }
};

/** @param program the path of the program, or its name. @throws Error when it cannot be run */
export const startCentrifugo = async (program: string): Promise<Centrifugo> => {
  const version = versionOf(program);
  const folder = mkdtempSync(join(tmpdir(), 'centrifugo-'));
  const port = await freePort();
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration(port)));
  const child = spawn(program, ['-c', 'config.json'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const calls = signedCalls(`http://127.0.0.1:${port}`);
  await ready(calls, child);
  const publish = (channel: string, data: object) => ({ publish: { channel, data } });
  return {
    version,
    messaging: {
      open: (name) => subscribe(port, name),
      send: (name, body) => calls.post('/api/publish', { channel: name, data: body }),
      stream: (bodies) => calls.post('/api/batch', { commands: bodies.map(({ name, body }) => publish(name, body)) }),
      listen: (subscriber, onMessage, signal) => {
        subscriber.onMessage = onMessage;
        return new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
      },
    },
    stop: async () => {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
