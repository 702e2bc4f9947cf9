import type { Server } from 'node:net';

/** The port that a server listens on. @throws Error when it listens on none */
export const portOf = (server: Server): number => {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server listens on no port');
  return address.port;
};
