/** What the environment says about how to start. */
export interface StartSettings {
  readonly port: number;
  readonly apiAuth: 'none' | 'iam';
}

/** Something the person who starts can put right; the message is one sentence with the remedy. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const readPort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new StartError(
    `PORT is "${text}", but must be a number from 0 to 65535, such as PORT=4001 npm start (0 picks a free port).`,
  );
};

/** Reads PORT, 4000 unless set, and API_AUTH, none unless set. @throws StartError */
export const readStartSettings = (environment: Readonly<Record<string, string | undefined>>): StartSettings => {
  const { PORT: port = '', API_AUTH: apiAuth = '' } = environment;
  if (apiAuth !== '' && apiAuth !== 'none' && apiAuth !== 'iam') {
    throw new StartError(`API_AUTH is "${apiAuth}", but must be iam (the API wants signed requests) or none.`);
  }
  return { port: readPort(port === '' ? '4000' : port), apiAuth: apiAuth === 'iam' ? 'iam' : 'none' };
};

/** The sentence to print for an error of starting; undefined for an unexpected one. */
export const explainStartError = (error: unknown, port: number): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path = '' } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken: stop what listens there, or choose another port with PORT=${port === 65_535 ? 4000 : port + 1} npm start.`;
  }
  if (code === 'EACCES' && syscall !== 'listen') {
    return `${path} cannot be written: give it to yourself, or choose another place with OUTPUTS_FILE or SQS_BROWSER_SERVICES.`;
  }
  if (code === 'EACCES') return `Port ${port} needs rights you do not have: choose another with PORT=4000 npm start.`;
  return ['StartError', 'SynthesisError'].includes(error.name) ? error.message : undefined;
};
