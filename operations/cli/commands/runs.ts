import type { Command } from 'commander';
import type { Deployment } from '../../deployment/deployment.ts';
import type { ExecutionEvent } from '../../deployment/execution-events.ts';
import type { Run, RunStatus } from '../../deployment/runs.ts';
import type { GlobalOptions } from '../context.ts';
import { ExitError, open, printAnswer } from '../context.ts';
import { follow } from '../follow.ts';
import type { Terminal } from '../terminal.ts';
import { painter, table, timeText } from '../terminal.ts';
import { count, sinceOption } from '../values.ts';

interface RunsOptions {
  readonly machine?: string;
  readonly failed?: boolean;
  readonly follow?: boolean;
  readonly since: number;
  readonly limit: number;
}

const marks: Readonly<Record<RunStatus, readonly [string, 'green' | 'red' | 'blue']>> = {
  SUCCEEDED: ['succeeded', 'green'],
  FAILED: ['failed', 'red'],
  TIMED_OUT: ['timed out', 'red'],
  ABORTED: ['aborted', 'red'],
  RUNNING: ['running', 'blue'],
};

const took = ({ started, ended }: Run): string =>
  started === undefined || ended === undefined ? '-' : `${ended - started} ms`;

/** The execution's name, by which `runs` shows it: of an Express execution the part of the ARN after the machine's. */
const nameOf = ({ arn }: Run): string => arn.split(':')[7] ?? arn;

const rowOf = (run: Run): string[] => [
  ...[timeText(run.started ?? run.ended), run.machine, marks[run.status][0], took(run), run.error ?? '-', nameOf(run)],
];

const headings = ['TIME (UTC)', 'MACHINE', 'OUTCOME', 'TOOK', 'ERROR', 'RUN'];

const rows = (runs: readonly Run[]): string[] => (runs.length === 0 ? [] : table(headings, runs.map(rowOf), 200));

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const describeEvent = ({ id, type, timestamp, details }: ExecutionEvent, started: number): string[] => {
  const { name, error, cause, resource } = details;
  const what = [name, error, cause, resource].filter((value) => value !== undefined).map(asText);
  return [String(id), `+${timestamp - started} ms`, type, what.join(': ')];
};

const showRun = async (arn: string, deployment: Deployment, command: Command, terminal: Terminal): Promise<void> => {
  const { listRuns, readRunEvents } = await import('../../deployment/runs.ts');
  const { redactMembers } = await import('../../deployment/redact.ts');
  const { since } = command.opts<RunsOptions>();
  const runs = await listRuns(deployment, { since: deployment.now() - since, limit: 10_000 });
  const run = runs.find((each) => each.arn === arn || each.arn.includes(`:${arn}:`));
  if (!run) {
    terminal.note(`No run ${arn} was logged in this time: try a longer --since, and look at sqs-browser runs.`);
    throw new ExitError(1);
  }
  const found = await readRunEvents(deployment, run.arn, run.started ?? run.ended ?? deployment.now());
  const events = found.map((event) => ({ ...event, details: redactMembers(event.details) }));
  const start = events[0]?.timestamp ?? 0;
  printAnswer(command, terminal, { ...run, events }, () => [
    `${run.machine}, ${painter(terminal)(marks[run.status][1], marks[run.status][0])}, ${took(run)}`,
    ...(run.error === undefined ? [] : [`${run.error}: ${run.cause ?? ''}`]),
    '',
    ...table(
      ['#', 'AT', 'EVENT', ''],
      events.map((event) => describeEvent(event, start)),
      160,
    ),
  ]);
};

const followRuns = async (
  options: RunsOptions,
  deployment: Deployment,
  command: Command,
  terminal: Terminal,
): Promise<void> => {
  const { listRuns } = await import('../../deployment/runs.ts');
  const { json } = command.optsWithGlobals<GlobalOptions>();
  const seen = new Map<string, RunStatus>();
  const paint = painter(terminal);
  await follow(terminal, async () => {
    const runs = await listRuns(deployment, { ...options, since: deployment.now() - options.since });
    for (const run of runs.toReversed()) {
      if (seen.get(run.arn) === run.status || run.status === 'RUNNING') continue;
      seen.set(run.arn, run.status);
      const text = [timeText(run.started ?? run.ended), run.machine, paint(marks[run.status][1], marks[run.status][0])];
      terminal.print(json ? JSON.stringify(run) : [...text, took(run), run.error ?? ''].join('  ').trimEnd());
    }
  });
};

const none = ({ failed }: RunsOptions): readonly string[] =>
  failed
    ? ['No run failed in this time.']
    : [
        'No runs were logged in this time.',
        'Runs of dispatch are logged only when they fail, unless the stack is deployed with logRuns=all.',
      ];

/** `runs`: executions of the state machines, as far as they are logged. */
export const addRuns = (program: Command, terminal: Terminal): void => {
  program
    .command('runs')
    .description('list the runs of the state machines, the latest first; or show one with its events')
    .argument('[run]', 'a run’s ARN or name, to show what happened in it')
    .option('--machine <name>', 'only of this machine, such as dispatch')
    .option('--failed', 'only those that failed, timed out or were aborted')
    .addOption(sinceOption('how far back', '1h'))
    .option('--limit <number>', 'at most so many', count, 50)
    .option('--follow', 'go on and print runs as they end')
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser runs --failed\n  $ sqs-browser runs --machine create-session --follow\n  $ sqs-browser runs arn:aws:states:…',
    )
    .action(async (arn: string | undefined, options: RunsOptions, command: Command) => {
      const deployment = await open(command, terminal);
      if (arn !== undefined) return showRun(arn, deployment, command, terminal);
      if (options.follow) return followRuns(options, deployment, command, terminal);
      const { listRuns } = await import('../../deployment/runs.ts');
      const runs = await listRuns(deployment, { ...options, since: deployment.now() - options.since });
      printAnswer(command, terminal, runs, () => (runs.length === 0 ? none(options) : rows(runs)));
    });
};
