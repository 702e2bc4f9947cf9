import { Command, CommanderError, Help } from 'commander';
import { DeploymentError } from '../deployment/errors.ts';
import { addAlarms } from './commands/alarms.ts';
import { addCleanup } from './commands/cleanup.ts';
import { addCompletion } from './commands/completion.ts';
import { addConsole } from './commands/console.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addDoctor } from './commands/doctor.ts';
import { addLogs } from './commands/logs.ts';
import { addMessageCommands } from './commands/messages.ts';
import { addRuns } from './commands/runs.ts';
import { addSessionCommands } from './commands/session.ts';
import { addSessions } from './commands/sessions.ts';
import { addStart } from './commands/start.ts';
import { addStream } from './commands/stream.ts';
import { addTail } from './commands/tail.ts';
import { addTrace } from './commands/trace.ts';
import { ExitError } from './context.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

const examples = `
Examples:
  $ sqs-browser start                                 run the whole service on this machine
  $ sqs-browser create 12345 abc                      open a session there
  $ sqs-browser notify 12345 '{"msg":"Hello"}'        send it an event
  $ sqs-browser trace <messageId>                     what became of an event
  $ sqs-browser runs --failed --stack my-stack --region eu-west-1

Without --stack, --region or --endpoint a command works on the service that runs on this machine.
Exit codes: 0 done, 1 something is wrong or was left, 2 called wrongly.`;

/** All commands. */
export const createProgram = (terminal: Terminal): Command => {
  const program = new Command('sqs-browser')
    .description('Runs and operates sqs-browser, on this machine and on AWS.')
    .option('--stack <name>', 'the stack of a deployed service')
    .option('--construct <id>', 'which SqsBrowser of the stack, where it has several')
    .option('--region <name>', 'its Region; default AWS_REGION')
    .option('--endpoint <url>', 'the URL of a local service, such as http://127.0.0.1:4000')
    .option('--json', 'answer in JSON, for programs')
    .version(version, '--version', "print the package's version")
    .addHelpText('after', examples)
    .helpCommand(false)
    .showHelpAfterError('Add --help for how it is called.')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        terminal.print(text.trimEnd());
      },
      writeErr: (text) => {
        terminal.note(text.trimEnd());
      },
      getOutHasColors: () => terminal.colors,
    });
  addStart(program, terminal);
  addSessions(program, terminal);
  addSessionCommands(program, terminal);
  addMessageCommands(program, terminal);
  addTail(program, terminal);
  addTrace(program, terminal);
  addRuns(program, terminal);
  addLogs(program, terminal);
  addAlarms(program, terminal);
  addDeadLetters(program, terminal);
  addStream(program, terminal);
  addCleanup(program, terminal);
  addDoctor(program, terminal);
  addConsole(program, terminal);
  addCompletion(program, terminal);
  for (const command of withSubcommands(program)) configure(command, program);
  return program;
};

const withSubcommands = (command: Command): Command[] =>
  command.commands.flatMap((each) => [each, ...withSubcommands(each)]);

/** Options that every command takes may stand after its name, and its help lists them. */
const configure = (command: Command, program: Command): void => {
  command.copyInheritedSettings(program);
  command.configureHelp({ helpWidth: new Help().helpWidth ?? 100 });
  for (const option of program.options) {
    if (option.long === '--version' || command.options.some(({ long }) => long === option.long)) continue;
    command.addOption(option);
  }
};

/** One sentence for what people can put right; undefined for a defect. */
const explain = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DeploymentError) return error.message;
  if ('port' in error && /EADDRINUSE|EACCES/.test(error.message)) {
    return `Port ${String(error.port)} cannot be used (${error.message}): choose another with --port.`;
  }
  // Errors of the service's API carry its status, and those of AWS's clients their metadata: their messages are for people.
  if ('status' in error || '$fault' in error) return `${error.name}: ${error.message}`;
  if (/ECONNREFUSED|ECONNRESET/.test(error.message)) return 'The service does not answer any more.';
  return undefined;
};

/**
 * Runs a command line and answers its exit code.
 * @param args without the program's own name
 * @throws what nobody foresaw
 */
export const runCommand = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof ExitError) return error.code;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const sentence = explain(error);
    if (sentence === undefined) throw error;
    terminal.note(sentence);
    return 1;
  }
};
