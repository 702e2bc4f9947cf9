import type { Command } from 'commander';
import { counted } from '../../counted.ts';
import type { ReplayOptions, StreamReader, StreamState } from '../../deployment/stream.ts';
import { ExitError, open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { progressBar } from '../terminal.ts';
import { duration } from '../values.ts';

/** The deployment, and the client that its reader is asked through. */
const openStream = async (command: Command, terminal: Terminal) => {
  const [stream, { createDoctorClients }, deployment] = await Promise.all([
    import('../../deployment/stream.ts'),
    import('../../deployment/doctor/clients.ts'),
    open(command, terminal),
  ]);
  return { stream, deployment, lambda: createDoctorClients(deployment).lambda };
};

const describeReader = (reader: StreamReader | undefined): string =>
  reader ? `reader     ${reader.state}${reader.lastResult === '' ? '' : `, ${reader.lastResult}`}` : 'reader     none';

const describe = ({ name, status, mode, shards, retentionHours, reader }: StreamState): string[] => [
  `stream     ${name}`,
  `status     ${status}, ${mode === 'ON_DEMAND' ? 'on demand, ' : ''}${counted(shards, 'shard')}`,
  `keeps      records for ${retentionHours} h`,
  describeReader(reader),
];

const addReading = (group: Command, terminal: Terminal): void => {
  group
    .command('status')
    .description('show the stream, and whether the router reads it')
    .addHelpText('after', '\nExample:\n  $ sqs-browser stream status')
    .action(async (_options: object, command: Command) => {
      const { stream, deployment, lambda } = await openStream(command, terminal);
      const state = await stream.readStream(deployment, lambda);
      printAnswer(command, terminal, state, () => describe(state));
    });
  for (const [name, isReading, description] of [
    ['pause', false, 'stop reading the stream: records wait there, for as long as it keeps them'],
    ['resume', true, 'go on reading the stream where it was paused'],
  ] as const) {
    group
      .command(name)
      .description(description)
      .addHelpText('after', `\nExample:\n  $ sqs-browser stream ${name}`)
      .action(async (_options: object, command: Command) => {
        const { stream, deployment, lambda } = await openStream(command, terminal);
        const reader = await stream.setReading(deployment, lambda, isReading);
        printAnswer(command, terminal, reader, () => [describeReader(reader)]);
      });
  }
};

interface Options {
  readonly since: number;
  readonly until?: number;
  readonly dryRun?: boolean;
}

const addReplay = (group: Command, terminal: Terminal): void => {
  group
    .command('replay')
    .description('dispatch the messages of some time again; clients drop those they had')
    .requiredOption('--since <duration>', 'from how long ago on, such as 2h', duration)
    .option('--until <duration>', 'up to how long ago, such as 1h (default: all that came since)', duration)
    .option('--dry-run', 'count, and send nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser stream replay --since 3h --until 2h --dry-run\n  $ sqs-browser stream replay --since 3h --until 2h\n\nThe exit code is 1 when something was left.',
    )
    .action(async ({ since, until, dryRun = false }: Options, command: Command) => {
      if (until !== undefined && until >= since) {
        command.error('error: --until must be a shorter time ago than --since, such as --since 3h --until 2h.', {
          exitCode: 2,
        });
      }
      const { stream, deployment } = await openStream(command, terminal);
      const options: ReplayOptions = {
        // Without a bound, since the service's clock is known to the second: its last records may be later than that.
        ...{
          since: deployment.now() - since,
          until: until === undefined ? Infinity : deployment.now() - until,
          dryRun,
        },
        onProgress: ({ putBack }) => {
          terminal.progress(`stream ${progressBar(putBack, undefined)} messages`);
        },
      };
      const counts = await stream.replayStream(deployment, options);
      terminal.progress('');
      const left = Object.fromEntries(counts.left);
      printAnswer(command, terminal, { messages: counts.messages, left }, () => [
        `${counted(counts.messages, 'message')} ${dryRun ? 'would be dispatched' : 'dispatched'}`,
        ...Object.entries(left).map(([reason, number]) => `  ${number} left: ${reason}`),
      ]);
      if (Object.keys(left).some((reason) => reason !== 'it is no message')) throw new ExitError(1);
    });
};

/** `stream status`, `pause`, `resume` and `replay`. */
export const addStream = (program: Command, terminal: Terminal): void => {
  const group = program
    .command('stream')
    .description('the event stream: show it, pause and resume reading it, dispatch some of it again');
  addReading(group, terminal);
  addReplay(group, terminal);
};
