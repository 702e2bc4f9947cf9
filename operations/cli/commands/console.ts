import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { createReadingGuard } from '../../console/guard.ts';
import { open } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { port } from '../values.ts';

const newToken = (): string => randomBytes(24).toString('base64url');

/** `console`: the console of a deployed stack, on this machine only. */
export const addConsole = (program: Command, terminal: Terminal): void => {
  program
    .command('console')
    .description('serve the console of a deployed service on this machine, until Ctrl-C')
    .option('--port <number>', '0 picks a free port', port, 0)
    .addHelpText('after', '\nExample:\n  $ sqs-browser console --stack sqs-browser-prod --region eu-west-1')
    .action(async (options: { port: number }, command: Command) => {
      const openAs = (construct?: string) =>
        open(command, terminal, { orFirst: true, ...(construct !== undefined && { construct }) });
      const [{ createConsole }, { listenConsole }, { readPageFiles }, deployment] = await Promise.all([
        import('../../console/console-site.ts'),
        import('../../console/listen.ts'),
        import('../../console/page-files.ts'),
        openAs(),
      ]);
      const token = newToken();
      const files = readPageFiles();
      const site = createConsole({
        open: (construct) => openAs(construct),
        files: () => files,
        guard: { token: newToken(), reading: createReadingGuard(token, newToken()) },
      });
      const { url, stop } = await listenConsole(site, options.port);
      terminal.print(`The console of ${deployment.stack.name} is at ${url}/?token=${token}`);
      terminal.note('The first browser that opens this address can read and change the deployment; Ctrl-C ends it.');
      await new Promise<void>((resolve) => {
        if (terminal.signal.aborted) resolve();
        terminal.signal.addEventListener('abort', () => {
          resolve();
        });
      });
      stop();
    });
};
