import type { Duplex } from 'node:stream';
import type { HttpResponse } from './http.ts';

/** The answer to a request that belongs to no service and no route, as `{ error, message }`: AWS has no such answer to compare with. */
export const httpRefusal = (status: number, error: string, message: string): HttpResponse => ({
  status,
  headers: { connection: 'close', 'content-type': 'application/json' },
  body: JSON.stringify({ error, message }),
});

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
};

/** Refuses a request that Node could not read, and closes the connection. */
export const refuseOnSocket = (socket: Duplex, { status, headers, body }: HttpResponse): void => {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${phrases[status] ?? ''}\r\n${head}\r\n${body.toString()}`);
};

/** The answer to an error of Node's parser. */
export const malformed = ({ code = '', reason = code }: NodeJS.ErrnoException & { reason?: string }): HttpResponse => {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return httpRefusal(431, 'InvalidRequest', 'The request line and the headers are longer than 16 KiB together.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return httpRefusal(408, 'InvalidRequest', 'The request did not arrive in time.');
  }
  return httpRefusal(400, 'InvalidRequest', `The request is not HTTP/1.1: ${reason}`);
};
