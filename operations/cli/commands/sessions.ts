import type { Command } from 'commander';
import { isNewQueue } from '../../deployment/new-queue.ts';
import type { QueueState } from '../../deployment/queues.ts';
import type { SessionSummary } from '../../deployment/sessions.ts';
import { open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { durationText, table } from '../terminal.ts';
import { count, id } from '../values.ts';

type Row = SessionSummary & { readonly queue: QueueState | undefined };

const titles = ['ACCOUNT', 'SESSION', 'USER', 'KEYS EXPIRE', 'WAITING', 'IN FLIGHT', 'OLDEST'];

/** CloudWatch has no age of the oldest message. */
const unknownAge = '?';
const lateAges = `${unknownAge}: CloudWatch has no age. It comes up to 15 minutes late, and messages that were received three times do not count.`;

const oldestText = ({ waiting, inFlight, oldest }: QueueState): string => {
  if (waiting + inFlight === 0) return '-';
  return oldest === undefined ? unknownAge : durationText(oldest);
};

const rowText = ({ accountId, sessionId, userId, expires, createdAt, queue }: Row, now: number): readonly string[] => {
  const left = expires - now / 1000;
  const missing = isNewQueue(createdAt, now) ? 'new' : 'no queue';
  return [
    ...[String(accountId), sessionId, String(userId ?? '-')],
    left > 0 ? `in ${durationText(left)}` : 'expired',
    ...(queue ? [String(queue.waiting), String(queue.inFlight), oldestText(queue)] : [missing, '-', '-']),
  ];
};

/** `sessions`: what the index has of them, and what waits in their queues. */
export const addSessions = (program: Command, terminal: Terminal): void => {
  program
    .command('sessions')
    .description('list sessions with what waits in their queues and for how long (never their keys)')
    .option('--account <id>', 'only those of this account', id)
    .option('--limit <number>', 'at most so many', count, 100)
    .addHelpText('after', '\nExamples:\n  $ sqs-browser sessions\n  $ sqs-browser sessions --account 12345 --json')
    .action(async (options: { account?: number; limit: number }, command: Command) => {
      const [{ listSessions }, { describeQueues }, deployment] = await Promise.all([
        import('../../deployment/sessions.ts'),
        import('../../deployment/queues.ts'),
        open(command, terminal),
      ]);
      const found = [];
      for await (const page of listSessions(deployment, { accountId: options.account })) {
        found.push(...page);
        if (found.length > options.limit) break;
      }
      const shown = found.slice(0, options.limit);
      const queues = await describeQueues(
        deployment,
        shown.map(({ queueUrl }) => queueUrl),
      );
      const rows = shown.map((session): Row => ({ ...session, queue: queues.get(session.queueUrl) }));
      printAnswer(command, terminal, rows, () => {
        if (rows.length === 0) return ['No sessions.'];
        const texts = rows.map((row) => rowText(row, deployment.now()));
        const lines = [...table(titles, texts)];
        if (texts.some((row) => row.at(-1) === unknownAge)) lines.push(lateAges);
        return found.length > shown.length
          ? [...lines, `There are more than --limit ${options.limit}: give a larger one.`]
          : lines;
      });
    });
};
