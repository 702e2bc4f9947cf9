import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRequest } from './http.ts';

/** Bytes a request may have: more than the largest call of AWS's that we serve, a PutRecords of 10 MiB in base64. */
const longestBody = 32 * 1024 * 1024;

/** Resolves with undefined when the body is longer than any service takes. */
export const readBody = async (message: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return undefined;
    chunks.push(chunk);
  }
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks, length);
};

/** A request of Node's server. What few need is made when it is asked for. */
export class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly requestId = randomUUID();
  readonly #response: ServerResponse;
  readonly #serverUrl: string;
  #signal: AbortSignal | undefined;

  constructor(message: IncomingMessage, response: ServerResponse, about: { body: Buffer; serverUrl: string }) {
    const url = message.url ?? '/';
    const question = url.indexOf('?');
    this.method = message.method ?? 'GET';
    this.path = question < 0 ? url : url.slice(0, question);
    this.query = question < 0 ? '' : url.slice(question + 1);
    this.headers = message.headers;
    this.body = about.body;
    this.#response = response;
    this.#serverUrl = about.serverUrl;
  }

  /** Without the host prefix that Step Functions' clients put before the host of a synchronous start. */
  get baseUrl(): string {
    const { host } = this.headers;
    return host === undefined ? this.#serverUrl : `http://${host.replace(/^sync-/, '')}`;
  }

  get signal(): AbortSignal {
    if (this.#signal) return this.#signal;
    const controller = new AbortController();
    const response = this.#response;
    if (response.destroyed) controller.abort();
    else {
      response.once('close', () => {
        if (!response.writableFinished) controller.abort();
      });
    }
    this.#signal = controller.signal;
    return controller.signal;
  }
}
