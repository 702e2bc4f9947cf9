import type { Command } from 'commander';
import type { Session } from 'sqs-browser/backend';
import { open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { timeText } from '../terminal.ts';
import { id } from '../values.ts';

/** The keys are only in the answer for programs, so that nobody reads them on a screen. */
const describe = (session: Session): string[] => [
  `account  ${session.accountId}`,
  `session  ${session.sessionId}`,
  ...(session.userId === undefined ? [] : [`user     ${session.userId}`]),
  `queue    ${session.sqsUrl}`,
  `expires  ${timeText(session.expires * 1000)} UTC`,
  'Its keys are in the answer with --json.',
];

/** `create`, `renew` and `destroy`. */
export const addSessionCommands = (program: Command, terminal: Terminal): void => {
  program
    .command('create')
    .description('open a session; one that exists is refreshed, and its old keys stop working')
    .argument('<account>', 'the account’s id', id)
    .argument('<session>', 'the session’s id')
    .option('--user <id>', 'the user’s id', id)
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser create 12345 abc --user 7\n  $ sqs-browser create 12345 abc --json > session.json',
    )
    .action(async (accountId: number, sessionId: string, { user }: { user?: number }, command: Command) => {
      const { api } = await open(command, terminal);
      const session = await api.createSession({ accountId, sessionId, ...(user !== undefined && { userId: user }) });
      printAnswer(command, terminal, session, () => describe(session));
    });
  program
    .command('renew')
    .description('give a session new keys; the old ones work until they expire')
    .argument('<account>', 'the account’s id', id)
    .argument('<session>', 'the session’s id')
    .addHelpText('after', '\nExample:\n  $ sqs-browser renew 12345 abc')
    .action(async (accountId: number, sessionId: string, _options: object, command: Command) => {
      const { api } = await open(command, terminal);
      const session = await api.renewSession({ accountId, sessionId });
      printAnswer(command, terminal, session, () => describe(session));
    });
  program
    .command('destroy')
    .description('end a session: delete its queue, with what waits in it, and its identity')
    .argument('<account>', 'the account’s id', id)
    .argument('<session>', 'the session’s id')
    .addHelpText('after', '\nExample:\n  $ sqs-browser destroy 12345 abc')
    .action(async (accountId: number, sessionId: string, _options: object, command: Command) => {
      const { api } = await open(command, terminal);
      await api.destroySession({ accountId, sessionId });
      printAnswer(command, terminal, { destroyed: true }, () => [`Session ${sessionId} is gone.`]);
    });
};
