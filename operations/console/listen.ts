import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ConsoleSite } from './console-site.ts';

const requestOf = (message: IncomingMessage): Request => {
  const headers = Object.entries(message.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const hasBody = message.method !== 'GET' && message.method !== 'HEAD';
  return new Request(`http://${message.headers.host ?? ''}${message.url ?? '/'}`, {
    method: message.method ?? 'GET',
    headers,
    ...(hasBody && { body: Readable.toWeb(message) as ReadableStream<Uint8Array>, duplex: 'half' }),
  });
};

/** Serves the console on 127.0.0.1. @param port 0 picks a free one. @returns its URL, and how to end it */
export const listenConsole = async (site: ConsoleSite, port: number): Promise<{ url: string; stop: () => void }> => {
  const server = createServer((message, response) => {
    void site(requestOf(message)).then(
      async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        response.end(await answer.text());
      },
      () => {
        response.writeHead(400).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
