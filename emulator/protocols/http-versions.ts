import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Server, Socket } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import type { HttpListener } from './http.ts';
import { httpRefusal, malformed, refuseOnSocket } from './http-refusals.ts';

export interface HttpServer {
  /** To listen with. */
  readonly sockets: Server;
  /** Ends all connections and closes the port. */
  close(): Promise<void>;
}

/** An HTTP/2 connection over plain TCP begins with `PRI * HTTP/2.0`. */
const isHttp2 = (start: Buffer): boolean => start.subarray(0, 3).toString('latin1') === 'PRI';

/** Milliseconds. */
export interface HttpTimeouts {
  /** Until the first byte of a connection. */
  readonly firstByte: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headers: number;
  /** From the first byte of a request to the end of its body. */
  readonly request: number;
  /** An idle HTTP/1.1 connection is kept as long, and an HTTP/2 connection on which nothing happens. */
  readonly keepAlive: number;
  /** Between two checks for requests that take too long. */
  readonly check: number;
}

/** Node's HTTP/1.1 server, which also answers requests that are not valid, and says what is wrong. */
const createHttp1Server = (handle: HttpListener, timeouts: HttpTimeouts) => {
  const options = {
    keepAliveTimeout: timeouts.keepAlive,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    connectionsCheckingInterval: timeouts.check,
    requireHostHeader: false,
  };
  const http1 = createServer(options, (request, response) => {
    const { headers, httpVersion, socket } = request;
    if (headers.host !== undefined || httpVersion === '1.0') handle(request, response);
    else refuseOnSocket(socket, httpRefusal(400, 'InvalidRequest', 'The request has no Host header.'));
  });
  http1.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuseOnSocket(socket, malformed(error));
  });
  // Without these Node itself answers, or does not answer at all.
  http1.on('checkExpectation', ({ socket }: IncomingMessage) => {
    refuseOnSocket(socket, httpRefusal(417, 'InvalidRequest', 'Expect can only be 100-continue.'));
  });
  http1.on('connect', (_request, socket) => {
    refuseOnSocket(socket, httpRefusal(405, 'InvalidRequest', 'This is no proxy: it has no CONNECT.'));
  });
  // It gets its connections from another server. Node starts to look for slow requests when a server listens.
  http1.emit('listening');
  return http1;
};

/**
 * A server of HTTP/1.1 and, on the same port, of HTTP/2 without TLS: AWS's JavaScript client of Kinesis speaks only that.
 * The handler sees a request of HTTP/2 as one of HTTP/1.1, with a Host header.
 */
export const createHttpServer = (handle: HttpListener, timeouts: HttpTimeouts): HttpServer => {
  const http1 = createHttp1Server(handle, timeouts);
  const http2 = createHttp2Server((request, response) => {
    request.headers.host ??= request.headers[':authority'];
    // Node's own says true of an answer that was never sent.
    Object.defineProperty(response, 'writableFinished', { get: () => response.writableEnded });
    handle(request, response);
  });
  http2.on('session', (session) => {
    session.setTimeout(timeouts.keepAlive, () => {
      session.destroy();
    });
  });
  const open = new Set<Socket>();
  const sockets = createSocketServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    const silent = setTimeout(() => socket.destroy(), timeouts.firstByte);
    socket.once('close', () => {
      clearTimeout(silent);
    });
    socket.once('readable', () => {
      clearTimeout(silent);
      const start: unknown = socket.read();
      if (!Buffer.isBuffer(start)) return;
      socket.unshift(start);
      (isHttp2(start) ? http2 : http1).emit('connection', socket);
    });
  });
  const close = () =>
    new Promise<void>((resolve) => {
      sockets.close(() => {
        resolve();
      });
      for (const socket of open) socket.destroy();
      http1.close();
    });
  return { sockets, close };
};
