import { connect } from 'node:net';
import { expect } from '@jest/globals';

/** A request as bytes, which no HTTP client would send. */
export interface WireCase {
  readonly name: string;
  readonly bytes: string;
  readonly status: number;
  /** Whether the sender ends its side when all is sent; else it waits for the answer. */
  readonly ends?: boolean;
  /** The body of the answer; an error's unless given. */
  readonly answer?: object;
}

const host = 'Host: 127.0.0.1\r\nConnection: close\r\n';
const json = 'Content-Type: application/json\r\n';
const get = (target: string, headers = host) => `GET ${target} HTTP/1.1\r\n${headers}\r\n`;
const post = (headers: string, body: string) => `POST /notify/1 HTTP/1.1\r\n${host}${headers}\r\n${body}`;
const chunked = 'Transfer-Encoding: chunked\r\n';
const notified = expect.objectContaining({ messageId: expect.any(String) });
const noSession = expect.objectContaining({ error: 'SessionNotFound' });

const requestLines: readonly WireCase[] = [
  { name: 'a whole URL', bytes: get('http://127.0.0.1/status/1/none'), status: 404, answer: noSession },
  { name: "another host's URL", bytes: get('http://example.org/status/1/none'), status: 404, answer: noSession },
  { name: 'a NUL in the path', bytes: get('/status/1/\0'), status: 400 },
  { name: 'an encoded NUL', bytes: get('/status/1/%00'), status: 404, answer: noSession },
  { name: 'a character that is not encoded', bytes: get('/status/1/\xe9'), status: 400 },
  { name: 'an encoding of no character', bytes: get('/status/1/%c0%af'), status: 400 },
  { name: 'half a surrogate', bytes: get('/status/1/%ed%a0%80'), status: 400 },
  { name: 'a route with an encoded letter', bytes: get('/%73tatus/1/none'), status: 403 },
  { name: 'dots that lead elsewhere', bytes: get('/status/1/../../create/1/x'), status: 403 },
  { name: 'encoded dots', bytes: get('/status/1/%2e%2e/%2e%2e'), status: 403 },
  { name: 'a space in the path', bytes: get('/status/1/a b'), status: 400 },
  { name: 'a method nobody has', bytes: 'FOO / HTTP/1.1\r\n\r\n', status: 400 },
  { name: 'a method the routes do not have', bytes: `DELETE /status/1/none HTTP/1.1\r\n${host}\r\n`, status: 403 },
  { name: 'CONNECT', bytes: `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${host}\r\n`, status: 405 },
  { name: 'a TLS handshake', bytes: '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', status: 400 },
  { name: 'a line of 20,000 characters', bytes: get(`/status/1/${'a'.repeat(20_000)}`), status: 431 },
];

const headerLines: readonly WireCase[] = [
  { name: 'no Host', bytes: get('/status/1/none', 'Connection: close\r\n'), status: 400 },
  { name: 'HTTP/1.0 without Host', bytes: 'GET /status/1/none HTTP/1.0\r\n\r\n', status: 421 },
  { name: 'a NUL in a header', bytes: get('/status/1/none', `${host}X-A: a\0b\r\n`), status: 400 },
  { name: 'a folded header', bytes: get('/status/1/none', `${host}X-A: a\r\n b\r\n`), status: 400 },
  { name: 'a space before the colon', bytes: get('/status/1/none', `${host}X-A : a\r\n`), status: 400 },
  { name: 'a header of 20,000 characters', bytes: get('/', `${host}X-A: ${'a'.repeat(20_000)}\r\n`), status: 431 },
  { name: '3,000 headers', bytes: get('/', host + 'A: b\r\n'.repeat(3000)), status: 431 },
  {
    name: "an AWS service's target on a route",
    bytes: get('/status/1/none', `${host}X-Amz-Target: AmazonSQS.ListQueues\r\n`),
    status: 404,
    answer: noSession,
  },
  {
    name: "another protocol's header on a route",
    bytes: get('/status/1/none', `${host}Smithy-Protocol: rpc-v2-cbor\r\n`),
    status: 404,
    answer: noSession,
  },
  { name: 'an expectation nobody meets', bytes: post(`${json}Expect: x\r\nContent-Length: 2\r\n`, '{}'), status: 417 },
];

const contents: readonly WireCase[] = [
  { name: 'two lengths', bytes: post(`${json}Content-Length: 2\r\nContent-Length: 3\r\n`, '{} '), status: 400 },
  {
    name: 'a length and chunks',
    bytes: post(`${json}Content-Length: 4\r\n${chunked}`, '2\r\n{}\r\n0\r\n\r\n'),
    status: 400,
  },
  { name: 'a negative length', bytes: post(`${json}Content-Length: -1\r\n`, ''), status: 400 },
  { name: 'a length that is no number', bytes: post(`${json}Content-Length: x\r\n`, ''), status: 400 },
  { name: 'a body cut short', bytes: post(`${json}Content-Length: 200\r\n`, '{"a":1}'), status: 400, ends: true },
  { name: 'a chunk cut short', bytes: post(json + chunked, '20\r\n{"a":1}'), status: 400, ends: true },
  { name: 'a header cut short', bytes: 'POST /notify/1 HTTP/1.1\r\nHost', status: 400, ends: true },
  { name: 'a chunk whose size is no number', bytes: post(json + chunked, 'zz\r\n{"a":1}\r\n0\r\n\r\n'), status: 400 },
  { name: 'a chunk of negative size', bytes: post(json + chunked, '-1\r\n{"a":1}\r\n0\r\n\r\n'), status: 400 },
  { name: 'chunks', bytes: post(json + chunked, '3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n'), status: 200, answer: notified },
  {
    name: 'a target in a trailer',
    bytes: post(json + chunked, '2\r\n{}\r\n0\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n\r\n'),
    status: 200,
    answer: notified,
  },
  { name: 'an encoding of the transfer', bytes: post(`${json}Transfer-Encoding: gzip\r\n`, '{}'), status: 400 },
  { name: 'a body that is not UTF-8', bytes: post(`${json}Content-Length: 9\r\n`, '{"a":"\xff"}'), status: 400 },
  {
    name: 'a compressed body',
    bytes: post(`${json}Content-Encoding: gzip\r\nContent-Length: 3\r\n`, '\x1f\x8b\x08'),
    status: 400,
  },
  {
    name: 'a form',
    bytes: post('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n', 'a=b'),
    status: 415,
  },
  {
    name: 'a form that names an action of AWS',
    bytes: post('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 17\r\n', 'Action=ListQueues'),
    status: 415,
  },
];

export const wireCases: readonly WireCase[] = [...requestLines, ...headerLines, ...contents];

/** Sends the bytes, one to a character, and reads until the server closes the connection. */
export const sendRaw = (url: string, bytes: string, ends: boolean): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that has refused may close while it is still being sent to.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (chunks.length === 0) reject(error);
    });
    socket.on('close', () => {
      const received = Buffer.concat(chunks).toString();
      const [head = '', ...body] = received.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), body: body.join('\r\n\r\n') });
    });
    socket[ends ? 'end' : 'write'](Buffer.from(bytes, 'latin1'));
  });
