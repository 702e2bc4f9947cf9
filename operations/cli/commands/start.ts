import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { GlobalOptions } from '../context.ts';
import { ExitError } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { port } from '../values.ts';

interface StartOptions {
  readonly port: number;
  readonly auth: 'none' | 'iam';
  readonly data?: string;
  readonly worstCase: boolean;
  readonly app?: string;
  readonly context: Readonly<Record<string, string>>;
}

const collect = (text: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It must be name=value, such as keyHours=8.');
  return { ...known, [name]: value };
};

/** `start`: the whole service on this machine, until Ctrl-C. */
export const addStart = (program: Command, terminal: Terminal): void => {
  program
    .command('start')
    .description('run the whole service on this machine, until Ctrl-C')
    .addOption(new Option('--port <number>', '0 picks a free port').env('PORT').argParser(port).default(4000))
    .addOption(
      new Option('--auth <mode>', 'iam: the API asks for signed requests, as on AWS')
        .env('API_AUTH')
        .choices(['none', 'iam'])
        .default('none'),
    )
    .option('--app <folder>', 'run your own stack, which cdk synth wrote there; --stack names one of several')
    .option('--data <folder>', 'keep queues, sessions, events and runs there, for the next start')
    .option('--worst-case', 'AWS at its documented worst: calls are throttled, changes take up to a minute', false)
    .option('-c, --context <name=value>', 'a context value, as cdk deploy has it; may be repeated', collect, {})
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser start\n  $ sqs-browser start --app cdk.out --stack MyStack\n  $ sqs-browser start --data ./state\n  $ sqs-browser start --port 0 --auth iam -c keyHours=8',
    )
    .action(async ({ port: chosen, auth, data, worstCase, app, context }: StartOptions, command: Command) => {
      const { stack } = command.optsWithGlobals<GlobalOptions>();
      const { runService } = await import('../../start/run.ts');
      const code = await runService(
        {
          port: chosen,
          apiAuth: auth,
          worstCase,
          context,
          app: app === undefined ? undefined : { app, stack },
          ...(data !== undefined && { data: resolve(data) }),
        },
        terminal,
      );
      if (code !== 0) throw new ExitError(code);
    });
};
