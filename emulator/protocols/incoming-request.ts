import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpMessage, HttpRequest, HttpWriter } from './http.ts';

/** Bytes of a request: more than the largest one here, a PutRecords of 10 MiB in base64. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const maxBodyBytes = 32 * 1024 * 1024;

/** Resolves with undefined when the body is longer than any service allows. */
export const readBody = async (message: HttpMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks, length);
};

/** By connection: its last request, if its signal is in use. */
const lastRequests = new WeakMap<Socket, { last: AbortController | undefined }>();

/**
 * A connection that is reset after an answer, and before another request, has lost the answer: a caller that has read all that was sent
 * closes its connection without a reset. https://www.rfc-editor.org/rfc/rfc9293#section-3.6
 */
const abortOnReset = (socket: Socket, controller: AbortController): void => {
  const known = lastRequests.get(socket);
  if (known) {
    known.last = controller;
    return;
  }
  const requests: { last: AbortController | undefined } = { last: controller };
  lastRequests.set(socket, requests);
  socket.once('error', () => {
    requests.last?.abort();
  });
};

/** `http://127.0.0.1:4000` in a request line that has a whole URL, which a server must accept. Host counts. https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 */
const origin = /^https?:\/\/[^/?]*/i;

const pathAndQuery = (target: string): string => {
  const relative = target.startsWith('/') ? target : target.replace(origin, '');
  return relative.startsWith('/') ? relative : `/${relative}`;
};

/** A request of Node's server. Members that are rarely needed are computed when they are read. */
export class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly requestId = randomUUID();
  readonly #message: HttpMessage;
  readonly #response: HttpWriter;
  readonly #serverUrl: string;
  #signal: AbortSignal | undefined;

  constructor(message: HttpMessage, response: HttpWriter, { body, serverUrl }: { body: Buffer; serverUrl: string }) {
    const url = pathAndQuery(message.url ?? '/');
    const requests = lastRequests.get(message.socket);
    if (requests) requests.last = undefined;
    const question = url.indexOf('?');
    this.method = message.method ?? 'GET';
    this.path = question < 0 ? url : url.slice(0, question);
    this.query = question < 0 ? '' : url.slice(question + 1);
    this.headers = message.headers;
    this.body = body;
    this.#message = message;
    this.#response = response;
    this.#serverUrl = serverUrl;
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
      if (this.#message.httpVersionMajor === 1) abortOnReset(this.#message.socket, controller);
    }
    this.#signal = controller.signal;
    return controller.signal;
  }
}
