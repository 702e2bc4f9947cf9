import { createServer, request as send } from 'node:http';
import { portOf } from '../tools/port-of.ts';

/** A proxy that finds every host at 127.0.0.1, for browsers that cannot be told so themselves. */
export const startIntranetProxy = async (): Promise<{ readonly port: number; readonly close: () => void }> => {
  const server = createServer((request, response) => {
    const { port, pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { method, headers } = request;
    const forwarded = send({ host: '127.0.0.1', port, method, headers, path: `${pathname}${search}` }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    const end = (): void => {
      response.destroy();
      forwarded.destroy();
    };
    forwarded.on('error', end);
    response.on('close', end);
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
