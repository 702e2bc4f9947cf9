/** An HTTP server on this machine for a site, which answers only requests that are its own. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { refusalOf } from './guard.ts';

type Site = (request: Request) => Promise<Response>;

/** The most that a page may send, bytes. */
const maxBody = 16_384;

/** A request that is not complete in time ends, milliseconds. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 5_000 };

/** The body; undefined if it is too long, and then the rest is not read. */
const readBody = async (message: IncomingMessage): Promise<Buffer | undefined> => {
  const pieces: Buffer[] = [];
  if (Number(message.headers['content-length'] ?? 0) > maxBody) return undefined;
  let size = 0;
  // Not destroyed when it is left, so that the refusal can still be sent.
  const arriving: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
  for await (const piece of arriving) {
    size += piece.length;
    if (size > maxBody) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

const refuse = (status: number, error: string, message: string): Response =>
  Response.json({ error, message }, { status, headers: status === 413 ? { connection: 'close' } : {} });

const respond = async (site: Site, message: IncomingMessage): Promise<Response> => {
  const refusal = refusalOf(message);
  if (refusal) return refuse(refusal.status, refusal.error, refusal.message);
  const { method = 'GET', url = '/', headers } = message;
  const address = `http://${headers.host ?? ''}${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) return refuse(400, 'InvalidPath', 'The path is not one.');
  if (!['GET', 'HEAD', 'POST'].includes(method)) return refuse(405, 'NotAllowed', 'This answers GET and POST.');
  const body = await readBody(message);
  if (!body) return refuse(413, 'BodyTooLarge', `The body is longer than ${maxBody} bytes.`);
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return site(
    new Request(address, { method, headers: given, ...(method === 'POST' && { body: new Uint8Array(body) }) }),
  );
};

const send = async (answer: Response, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
  if (answer.status === 413) response.once('finish', () => message.destroy());
};

export interface WebServer {
  /** http://127.0.0.1:8080 */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** @param port 0 picks a free one. @throws Error with code EADDRINUSE when it is taken */
export const listen = async (site: Site, port: number): Promise<WebServer> => {
  const server = createServer(timeouts, (message, response) => {
    respond(site, message)
      .then((answer) => send(answer, message, response))
      .catch((error: unknown) => {
        if (message.destroyed && !message.complete) return;
        console.error(error);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};
