/**
 * The example by itself, in front of a deployed stack: `npm run build && npx node examples/app/server.ts`. API_URL and
 * EVENT_STREAM_NAME are the stack's outputs ApiUrl and EventStreamName, credentials come from where the AWS SDK looks for
 * them, and PORT is 8080 unless set.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { BackendClient } from 'sqs-browser/backend';
import { createSite } from './site.ts';

const { API_URL: apiUrl = '', EVENT_STREAM_NAME: streamName = '', PORT: port = '8080' } = process.env;
const site = createSite(new BackendClient({ apiUrl, streamName }));

const requestOf = async (message: IncomingMessage): Promise<Request> => {
  const { method = 'GET', url = '/', headers } = message;
  const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const body = method === 'POST' ? { body: await buffer(message) } : {};
  return new Request(`http://127.0.0.1:${port}${url}`, { method, headers: given, ...body });
};

createServer((message, response) => {
  const answered = requestOf(message).then(site);
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
