import type { Command } from 'commander';
import type { QueueDepth, SessionSummary } from '../../deployment/sessions.ts';
import { mayBeNew } from '../../deployment/new-queue.ts';
import { open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { durationText, table } from '../terminal.ts';
import { count, id } from '../values.ts';

type Row = SessionSummary & { readonly queue: QueueDepth | undefined };

/** Queues that are asked at once for how much waits in them. */
const atOnce = 20;

/** `sessions`: what the index has of them, and what waits in their queues. */
export const addSessions = (program: Command, terminal: Terminal): void => {
  program
    .command('sessions')
    .description('list sessions with what waits in their queues (never their keys)')
    .option('--account <id>', 'only those of this account', id)
    .option('--limit <number>', 'at most so many', count, 100)
    .addHelpText('after', '\nExamples:\n  $ sqs-browser sessions\n  $ sqs-browser sessions --account 12345 --json')
    .action(async (options: { account?: number; limit: number }, command: Command) => {
      const [{ listSessions, queueDepth }, deployment] = await Promise.all([
        import('../../deployment/sessions.ts'),
        open(command, terminal),
      ]);
      const found = [];
      for await (const page of listSessions(deployment, { accountId: options.account })) {
        found.push(...page);
        if (found.length > options.limit) break;
      }
      const shown = found.slice(0, options.limit);
      const rows: Row[] = [];
      for (let start = 0; start < shown.length; start += atOnce) {
        const some = shown.slice(start, start + atOnce);
        rows.push(
          ...(await Promise.all(
            some.map(async (session) => ({ ...session, queue: await queueDepth(deployment, session.queueUrl) })),
          )),
        );
      }
      printAnswer(command, terminal, rows, () => {
        if (rows.length === 0) return ['No sessions.'];
        const lines = table(
          ['ACCOUNT', 'SESSION', 'USER', 'KEYS EXPIRE', 'WAITING', 'IN FLIGHT'],
          rows.map(({ accountId, sessionId, userId, expires, createdAt, queue }) => {
            const left = expires - terminal.now() / 1000;
            const missing = mayBeNew(createdAt, terminal.now()) ? 'new' : 'no queue';
            return [
              ...[String(accountId), sessionId, String(userId ?? '-')],
              left > 0 ? `in ${durationText(left)}` : 'expired',
              ...(queue ? [String(queue.waiting), String(queue.inFlight)] : [missing, '-']),
            ];
          }),
        );
        return found.length > shown.length ? [...lines, `There are more: raise --limit ${options.limit}.`] : lines;
      });
    });
};
