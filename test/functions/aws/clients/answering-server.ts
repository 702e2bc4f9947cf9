import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request as it arrived. */
export interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Says more than is sent, and closes the connection. */
  readonly isCutOff?: boolean;
}

/** What clients are given besides a service of their own. */
export const settings = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'the-secret-key', sessionToken: 'the/session+token=' },
};

/** A server that keeps the requests and gives the answers of a list, the last one again and again; `never` gives no answer. */
export const startAnsweringServer = async () => {
  const arrived: Arrived[] = [];
  let answers: (AnswerOptions | 'never')[] = [{}];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      arrived.push({ method, url, headers, body });
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
      if (answer === 'never') return;
      const sent = answer.body ?? '{}';
      const length = Buffer.byteLength(sent) + (answer.isCutOff ? 1 : 0);
      response.writeHead(answer.status ?? 200, { 'content-length': length, ...answer.headers });
      response.write(sent, () => {
        if (answer.isCutOff) response.destroy();
        else response.end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    arrived,
    answer: (...next: readonly (AnswerOptions | 'never')[]) => {
      arrived.length = 0;
      answers = [...next];
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
