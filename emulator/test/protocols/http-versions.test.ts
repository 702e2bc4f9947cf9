import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { MovableClock } from '../../clock.ts';
import { openServer } from '../../server.ts';

const timeouts = { firstByte: 20, headers: 20, request: 40, keepAlive: 75_000, check: 5 };
const server = await openServer({ clock: new MovableClock(), port: 0, timeouts });

afterAll(() => server.close());

/** Sends text on a new connection; resolves with what came back when the server closes it. */
const closedWith = async (text: string): Promise<string> => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  await once(socket, 'close');
  return received;
};

describe('the server closes a connection', () => {
  test('that says nothing', async () => {
    expect(await closedWith('')).toBe('');
  });

  test('whose headers do not end', async () => {
    expect(await closedWith('GET / HTTP/1.1\r\nHost: localhost\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('whose body does not end', async () => {
    const unfinished = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc';
    expect(await closedWith(unfinished)).toMatch(/^HTTP\/1\.1 408 /);
  });
});
