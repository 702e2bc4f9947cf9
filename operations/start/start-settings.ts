/** The settings of a start. */
export interface StartSettings {
  readonly port: number;
  readonly apiAuth: 'none' | 'iam';
  /** Whether everything behaves as badly as AWS documents it: emulator/docs/worst-case.md. */
  readonly worstCase: boolean;
  /** The folder in which the state is kept. Unless given, nothing is kept. */
  readonly data?: string;
}

const unwritable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'];

const isUnwritable = ({ code = '', syscall }: NodeJS.ErrnoException): boolean =>
  syscall === 'mkdir' ? [...unwritable, 'ENOENT'].includes(code) : unwritable.includes(code) && syscall !== 'listen';

/** The sentence to print for an error of starting; undefined for an unexpected one. */
export const explainStartError = (error: unknown, port: number): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const { code, path = '' }: NodeJS.ErrnoException = error;
  if (code === 'EADDRINUSE') {
    const other = port === 65_535 ? 4000 : port + 1;
    return `Port ${port} is taken: stop what listens there, or choose another one with --port ${other}, or PORT=${other} before the command.`;
  }
  if (isUnwritable(error)) {
    return `${path} cannot be written: give it to yourself, or choose another place with OUTPUTS_FILE or SQS_BROWSER_SERVICES.`;
  }
  if (code === 'EACCES')
    return `Port ${port} needs rights you do not have: choose another one with --port 4000, or PORT=4000 before the command.`;
  if (['StateError', 'SynthesisError', 'AppError'].includes(error.name)) return error.message;
  // The emulator's message names the resource and what is not supported.
  return / (is|are) not supported/.test(error.message)
    ? `This stack cannot run on this machine: ${error.message}. What can is in emulator/docs/services.md.`
    : undefined;
};
