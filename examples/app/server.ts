/**
 * The example by itself, in front of a deployed stack: `npm run build && npx node examples/app/server.ts`. API_URL and
 * EVENT_STREAM_NAME are the stack's outputs ApiUrl and EventStreamName, credentials come from where the AWS SDK looks for
 * them, and PORT is 8080 unless set.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { BackendClient } from 'sqs-browser/backend';
import { createSite } from './site.ts';

const { API_URL: apiUrl = '', EVENT_STREAM_NAME: streamName = '', PORT: port = '8080' } = process.env;
const site = createSite(new BackendClient({ apiUrl, streamName }));

/** The most that a page may send, bytes. */
const maxBody = 16_384;
const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}`);

/** Whether a request is for this server, from a page of it: other sites, and names that lead here, are refused. */
const isOurs = ({ headers: { host, origin } }: IncomingMessage): boolean =>
  origins.includes(`http://${host ?? ''}`) && (origin === undefined || origins.includes(origin));

const readBody = async (message: IncomingMessage): Promise<Buffer | undefined> => {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBody) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

const refusal = (status: number, error: string): Response => Response.json({ error, message: error }, { status });

const requestOf = (message: IncomingMessage, content: Buffer): Request => {
  const { method = 'GET', url = '/', headers } = message;
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const body = method === 'POST' ? { body: new Uint8Array(content) } : {};
  return new Request(`http://127.0.0.1:${port}${url}`, { method, headers: given, ...body });
};

const respond = async (message: IncomingMessage): Promise<Response> => {
  if (!isOurs(message)) return refusal(403, 'ForeignOrigin');
  const body = await readBody(message);
  return body ? site(requestOf(message, body)) : refusal(413, 'BodyTooLarge');
};

createServer((message, response) => {
  const answered = respond(message);
  answered.then(
    async (answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    },
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
}).listen(Number(port), '127.0.0.1', () => {
  console.log(`The example is ready at http://127.0.0.1:${port}/example`);
});
