import type { Command } from 'commander';
import type { LogLine } from '../../deployment/logs.ts';
import { readObject } from '../../json.ts';
import type { GlobalOptions } from '../context.ts';
import { ExitError, open } from '../context.ts';
import { follow } from '../follow.ts';
import type { Terminal } from '../terminal.ts';
import { painter, timeText } from '../terminal.ts';
import { sinceOption } from '../values.ts';

interface LogsOptions {
  readonly function?: string;
  readonly grep?: string;
  readonly since: number;
  readonly follow?: boolean;
  readonly metrics?: boolean;
}

const levelStyle = (level: unknown) => (level === 'ERROR' ? 'red' : level === 'WARN' ? 'yellow' : 'dim');

const shownFields = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .filter(([name]) => !logged.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

/** What every line of the Logger has, and what is shown in columns. */
const logged = new Set(['level', 'message', 'timestamp', 'service', 'sampling_rate', 'xray_trace_id']);

const formatLine = (name: string, { timestamp, message }: LogLine, terminal: Terminal): string => {
  const paint = painter(terminal);
  const start = `${paint('dim', timeText(timestamp))}  ${name}`;
  const fields = readObject(message);
  if (!fields) return `${start}  ${message}`;
  const { level, message: code } = fields;
  const text = typeof code === 'string' ? code : '';
  return `${start}  ${paint(levelStyle(level), typeof level === 'string' ? level : 'INFO')} ${text} ${shownFields(fields)}`.trimEnd();
};

const isMetrics = ({ message }: LogLine): boolean => message.startsWith('{"_aws"');

/** Lines of a function that are printed at the most, the latest. */
const maxLines = 10_000;

/** A term as it is, whatever characters it has. */
const patternOf = (grep: string | undefined): string | undefined =>
  grep === undefined ? undefined : grep.trim().startsWith('{') ? grep : `"${grep.replaceAll('"', String.raw`\"`)}"`;

/** `logs`: what the functions wrote, of one or of all, in the order of time. */
export const addLogs = (program: Command, terminal: Terminal): void => {
  program
    .command('logs')
    .description('print what the functions logged')
    .option('--function <name>', 'only of this function, such as router')
    .option('--grep <text>', 'only lines with this text; or a filter pattern of CloudWatch Logs in braces')
    .addOption(sinceOption('how far back', '15m'))
    .option('--follow', 'go on and print lines as they come')
    .option('--metrics', 'print the lines that hold metrics too')
    .addHelpText(
      'after',
      `\nExamples:\n  $ sqs-browser logs --since 1h --grep BATCH_NOT_DONE\n  $ sqs-browser logs --function router --follow\n  $ sqs-browser logs --grep '{ $.level = "ERROR" }'`,
    )
    .action(async (options: LogsOptions, command: Command) => {
      const [{ functionGroups, readLatestLines }, deployment] = await Promise.all([
        import('../../deployment/logs.ts'),
        open(command, terminal),
      ]);
      const all = functionGroups(deployment);
      const groups = [...all].filter(([name]) => options.function === undefined || name === options.function);
      if (groups.length === 0) {
        terminal.note(`There is no function ${options.function ?? ''}; there are ${[...all.keys()].join(', ')}.`);
        throw new ExitError(2);
      }
      const { json } = command.optsWithGlobals<GlobalOptions>();
      const seen = new Set<string>();
      let since = deployment.now() - options.since;
      const look = async (): Promise<void> => {
        const pattern = patternOf(options.grep);
        const found = await Promise.all(
          groups.map(async ([name, group]) => {
            const lines = await readLatestLines(deployment, { group, since, pattern }, maxLines);
            return lines.filter((line) => options.metrics || !isMetrics(line)).map((line) => ({ name, line }));
          }),
        );
        for (const { name, line } of found.flat().sort((a, b) => a.line.timestamp - b.line.timestamp)) {
          if (seen.has(line.id)) continue;
          seen.add(line.id);
          terminal.print(json ? JSON.stringify({ function: name, ...line }) : formatLine(name, line, terminal));
        }
        // CloudWatch Logs may still get lines of the last seconds.
        since = Math.max(since, deployment.now() - 30_000);
      };
      if (options.follow) await follow(terminal, look);
      else await look();
    });
};
