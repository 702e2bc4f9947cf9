import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { parseJson } from '../../json.ts';
import { ExitError, open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { count } from '../values.ts';

const resultSchema = z.object({
  sessionsRemoved: z.int(),
  queuesRemoved: z.int(),
  identitiesRemoved: z.int(),
  complete: z.boolean(),
});

/** `cleanup`: removes abandoned sessions, queues and identities now rather than with the next schedule. */
export const addCleanup = (program: Command, terminal: Terminal): void => {
  program
    .command('cleanup')
    .description('remove sessions, queues and identities that were abandoned, now')
    .option('--budget <seconds>', 'how long it may take', count, 50)
    .addHelpText('after', '\nExample:\n  $ sqs-browser cleanup --budget 240')
    .action(async ({ budget }: { budget: number }, command: Command) => {
      const { clients, output } = await open(command, terminal);
      const answer = await clients.stepFunctions.send(
        new StartSyncExecutionCommand({
          stateMachineArn: output('CleanupMachineArn'),
          input: JSON.stringify({ budgetSeconds: budget }),
        }),
      );
      if (answer.status !== 'SUCCEEDED') {
        terminal.note(
          `The cleanup ended as ${answer.status ?? 'unknown'}: ${answer.error ?? ''} ${answer.cause ?? ''}`.trim(),
        );
        throw new ExitError(1);
      }
      const result = resultSchema.parse(parseJson(answer.output ?? ''));
      printAnswer(command, terminal, result, () => [
        `${result.sessionsRemoved} sessions, ${result.queuesRemoved} queues and ${result.identitiesRemoved} identities removed.`,
        ...(result.complete
          ? []
          : ['Time ran out before all was looked through: run it again, or give a longer --budget.']),
      ]);
    });
};
