import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { open } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { port } from '../values.ts';

/** `console`: the console of a deployed stack, on this machine only. */
export const addConsole = (program: Command, terminal: Terminal): void => {
  program
    .command('console')
    .description('open the console of a deployed service in a browser, until Ctrl-C')
    .option('--port <number>', '0 picks a free port', port, 0)
    .addHelpText('after', '\nExample:\n  $ sqs-browser console --stack sqs-browser-prod --region eu-west-1')
    .action(async (options: { port: number }, command: Command) => {
      const [{ createConsole }, { listenConsole }, { readPageFiles }, deployment] = await Promise.all([
        import('../../console/console-site.ts'),
        import('../../console/listen.ts'),
        import('../../console/page-files.ts'),
        open(command, terminal),
      ]);
      const token = randomBytes(24).toString('base64url');
      const files = readPageFiles();
      const site = createConsole({
        open: () => Promise.resolve(deployment),
        files: () => files,
        guard: { token, protectsReads: true },
      });
      const { url, stop } = await listenConsole(site, options.port);
      terminal.print(`The console of ${deployment.stack.name} is at ${url}/?token=${token}`);
      terminal.note('Whoever has this address can read and change the deployment; Ctrl-C ends it.');
      await new Promise<void>((resolve) => {
        if (terminal.signal.aborted) resolve();
        terminal.signal.addEventListener('abort', () => {
          resolve();
        });
      });
      stop();
    });
};
