import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { counted } from '../../counted.ts';
import { parseJson } from '../../json.ts';
import { ExitError, open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { progressBar } from '../terminal.ts';
import { count } from '../values.ts';

const resultSchema = z.object({
  sessionsRemoved: z.int(),
  queuesRemoved: z.int(),
  identitiesRemoved: z.int(),
  complete: z.boolean(),
});

/** Shows how much of the time that the cleanup may take is over: it says nothing itself before it ends. */
const showWaiting = (seconds: number, terminal: Terminal): { readonly end: () => void } => {
  const began = terminal.now();
  const show = (): void => {
    const over = Math.min(seconds, Math.round((terminal.now() - began) / 1000));
    terminal.progress(`cleanup ${progressBar(over, seconds)} s at the most`);
  };
  show();
  const timer = setInterval(show, 1_000);
  return {
    end: () => {
      clearInterval(timer);
      terminal.progress('');
    },
  };
};

/** `cleanup`: removes abandoned sessions, queues and identities now rather than with the next schedule. */
export const addCleanup = (program: Command, terminal: Terminal): void => {
  program
    .command('cleanup')
    .description('remove sessions, queues and identities that were abandoned, now')
    .option('--budget <seconds>', 'how long it may take', count, 50)
    .addHelpText('after', '\nExample:\n  $ sqs-browser cleanup --budget 240')
    .action(async ({ budget }: { budget: number }, command: Command) => {
      const { clients, output } = await open(command, terminal);
      const wait = showWaiting(budget, terminal);
      const started = clients.stepFunctions.send(
        new StartSyncExecutionCommand({
          stateMachineArn: output('CleanupMachineArn'),
          input: JSON.stringify({ budgetSeconds: budget }),
        }),
      );
      const answer = await started.finally(wait.end);
      if (answer.status !== 'SUCCEEDED') {
        terminal.note(
          `The cleanup ended as ${answer.status ?? 'unknown'}: ${answer.error ?? ''} ${answer.cause ?? ''}`.trim(),
        );
        throw new ExitError(1);
      }
      const result = resultSchema.parse(parseJson(answer.output ?? ''));
      printAnswer(command, terminal, result, () => [
        `${counted(result.sessionsRemoved, 'session')}, ${counted(result.queuesRemoved, 'queue')} and ${counted(result.identitiesRemoved, 'identity', 'identities')} removed.`,
        ...(result.complete
          ? []
          : ['Time ran out before all was looked through: run it again, or give a longer --budget.']),
      ]);
    });
};
