import type { Command } from 'commander';
import { Option } from 'commander';
import { counted } from '../../counted.ts';
import type { DeadLetter, Place } from '../../deployment/dead-letters.ts';
import { places, placesOf } from '../../deployment/dead-letters.ts';
import type { Deployment } from '../../deployment/deployment.ts';
import type { Counts } from '../../redrive/put-back.ts';
import { ExitError, open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { progressBar, table, timeText } from '../terminal.ts';
import { count } from '../values.ts';

interface Options {
  readonly from?: Place;
  readonly limit: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly id?: readonly string[];
}

type PlaceResult = Omit<Counts, 'left'> & {
  readonly place: Place;
  /** How many were left, by the reason. */
  readonly left: Readonly<Record<string, number>>;
};

const fromOption = (what = 'only what waits there'): Option => new Option('--from <place>', what).choices(places);

const chosen = ({ from }: Options, deployment: Deployment): readonly Place[] =>
  from === undefined ? placesOf(deployment) : [from];

const collect = (id: string, ids: readonly string[] = []): readonly string[] => [...ids, id];

const row = ({ place, at, reason, detail, sessions, body, id }: DeadLetter): string[] => [
  ...[place, timeText(at), reason],
  sessions.length === 0
    ? '-'
    : `${sessions.length}: ${sessions.slice(0, 2).join(', ')}${sessions.length > 2 ? ', …' : ''}`,
  ...[detail ?? body, id],
];

const addList = (group: Command, terminal: Terminal): void => {
  group
    .command('list')
    .description('show what waits, with the reason; it stays where it is')
    .addOption(fromOption())
    .option('--limit <number>', 'about so many of each place', count, 100)
    .addHelpText('after', '\nExample:\n  $ sqs-browser dead-letters list --from undelivered')
    .action(async (options: Options, command: Command) => {
      const [{ listDeadLetters }, deployment] = await Promise.all([
        import('../../deployment/dead-letters.ts'),
        open(command, terminal),
      ]);
      const found = await Promise.all(
        chosen(options, deployment).map((place) => listDeadLetters(deployment, place, options.limit)),
      );
      const letters = found.flat();
      printAnswer(command, terminal, letters, () =>
        letters.length === 0
          ? ['Nothing waits.']
          : table(['PLACE', 'SINCE (UTC)', 'REASON', 'SESSIONS', 'WHAT', 'ID'], letters.map(row), 90),
      );
    });
};

const describeResult = (result: PlaceResult, dryRun: boolean): string[] => {
  const { place, putBack, messages, records, again, unremoved, left } = result;
  const parts = [
    ...(messages > 0 ? [`${counted(messages, 'message')} to sessions`] : []),
    ...(records > 0 ? [`${counted(records, 'record')} on the stream`] : []),
  ];
  const done = `${putBack} ${dryRun ? 'would be put back' : 'put back'}`;
  return [
    [`${place}: ${done}`, ...(parts.length > 0 ? [parts.join(', ')] : [])].join(': '),
    ...(again > 0 ? [`  ${again} left: they came back during this run, so the cause remains`] : []),
    ...(unremoved > 0 ? [`  ${unremoved} put back but not removed: another run would repeat them`] : []),
    ...Object.entries(left).map(([reason, number]) => `  ${number} left: ${reason}`),
  ];
};

const addRedrive = (group: Command, terminal: Terminal): void => {
  group
    .command('redrive')
    .description('deliver what waits, put records that hold no message back on the stream, and remove what succeeded')
    .addOption(fromOption())
    .option('--id <messageId>', 'only this message, or the batch it is in; may be repeated', collect)
    .option('--dry-run', 'count, and change nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser dead-letters redrive --from undelivered --dry-run\n  $ sqs-browser dead-letters redrive --from undelivered\n\nThe exit code is 1 when something was left, or no dead letter has the --id.',
    )
    .action(async (options: Options, command: Command) => {
      const [{ redriveDeadLetters }, deployment] = await Promise.all([
        import('../../deployment/change-dead-letters.ts'),
        open(command, terminal),
      ]);
      const { dryRun = false, id: messageIds } = options;
      const results: PlaceResult[] = [];
      for (const place of chosen(options, deployment)) {
        const counts = await redriveDeadLetters(deployment, {
          ...{ place, dryRun, messageIds },
          onProgress: ({ putBack }, total) => {
            terminal.progress(`${place} ${progressBar(putBack, total)}`);
          },
        });
        terminal.progress('');
        results.push({ place, ...counts, left: Object.fromEntries(counts.left) });
      }
      printAnswer(command, terminal, results, () => results.flatMap((result) => describeResult(result, dryRun)));
      const isLeft = results.some(({ again, unremoved, left }) => again + unremoved + Object.keys(left).length > 0);
      const isFound = results.some(({ putBack, again, unremoved }) => putBack + again + unremoved > 0);
      if (messageIds && !isFound && !isLeft) {
        terminal.note(`No dead letter has the id ${messageIds.join(' or ')}: sqs-browser dead-letters list shows all.`);
        throw new ExitError(1);
      }
      if (isLeft) throw new ExitError(1);
    });
};

const addDiscard = (group: Command, terminal: Terminal): void => {
  group
    .command('discard')
    .description('delete everything that waits in a place, for good')
    .addOption(fromOption('which place').makeOptionMandatory())
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ sqs-browser dead-letters discard --from rejected')
    .action(async ({ from, yes }: Options, command: Command) => {
      const [{ discardDeadLetters }, deployment] = await Promise.all([
        import('../../deployment/change-dead-letters.ts'),
        open(command, terminal),
      ]);
      const place = from ?? 'rejected';
      const question = `Delete everything in ${place} of ${deployment.stack.name}? It cannot be brought back.`;
      if (!yes && !(await terminal.confirm(question))) {
        terminal.note('Nothing was deleted. Give --yes where nobody can be asked.');
        throw new ExitError(1);
      }
      const discarded = await discardDeadLetters(deployment, place, (count, total) => {
        terminal.progress(`${place} ${progressBar(count, total)} discarded`);
      });
      terminal.progress('');
      printAnswer(command, terminal, { discarded }, () => [`${discarded} discarded.`]);
    });
};

/** `dead-letters list`, `redrive` and `discard`. */
export const addDeadLetters = (program: Command, terminal: Terminal): void => {
  const group = program
    .command('dead-letters')
    .description('what could not be delivered: show it, put it back, discard it');
  addList(group, terminal);
  addRedrive(group, terminal);
  addDiscard(group, terminal);
};
