import type { IncomingHttpHeaders, request, RequestOptions } from 'node:http';
import { Duplex } from 'node:stream';

/** Not imported, see clients.ts. */
const { Agent } = process.getBuiltinModule('node:http');

/** How long a client waits, in milliseconds. */
export interface Timeouts {
  readonly connectionTimeout: number;
  /** From the beginning of an attempt to the end of its answer. */
  readonly requestTimeout: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const timeoutError = (what: string, milliseconds: number): Error =>
  Object.assign(new Error(`${what} took more than ${milliseconds} ms`), { name: 'TimeoutError' });

/** Sends a request and reads its answer. @throws an error of Node's network, a TimeoutError or an AbortError */
export const exchange = (
  send: typeof request,
  options: RequestOptions,
  body: string,
  { connectionTimeout, requestTimeout }: Timeouts,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const limit = (what: string, milliseconds: number): void => {
      timers.push(setTimeout(() => sent.destroy(timeoutError(what, milliseconds)), milliseconds));
    };
    const fail = (error: Error): void => {
      timers.forEach(clearTimeout);
      reject(error);
    };
    const sent = send(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => (text += part));
      answer.on('error', fail);
      answer.on('end', () => {
        timers.forEach(clearTimeout);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    sent.on('error', fail);
    sent.on('socket', (socket) => {
      if (!socket.connecting) return;
      limit('A connection', connectionTimeout);
      const timer = timers.at(-1);
      socket.once('connect', () => {
        clearTimeout(timer);
      });
    });
    limit('A call', requestTimeout);
    sent.end(body);
  });

/** A connection on which a request is answered at once with an empty JSON object, and nothing leaves the process. */
const connectToNobody = (): Duplex => {
  let isAnswered = false;
  return new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      if (!isAnswered) this.push('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}');
      isAnswered = true;
      done();
    },
  });
};

/** Has connections to nobody. */
export class RehearsalAgent extends Agent {
  override createConnection(): Duplex {
    return connectToNobody();
  }
}
