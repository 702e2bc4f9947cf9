import type { Command } from 'commander';
import { ExitError, open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { painter, timeText } from '../terminal.ts';
import { sinceOption } from '../values.ts';

/** `trace`: what became of a message. */
export const addTrace = (program: Command, terminal: Terminal): void => {
  program
    .command('trace')
    .description('say what became of a message, by its id, and what to do next')
    .argument('<messageId>', 'as notify and publish answer it, and as browsers know it')
    .addOption(sinceOption('how far back the logs are read', '1d'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser trace 3085debf-bc3f-4d54-92cc-81ee670aa646\n  $ sqs-browser trace shardId-000000000000:49590338271490256608559692538361571095921575989136588898\n\nThe exit code is 1 when nothing is known of the message.',
    )
    .action(async (messageId: string, { since }: { since: number }, command: Command) => {
      const [{ traceMessage }, deployment] = await Promise.all([
        import('../../deployment/trace.ts'),
        open(command, terminal),
      ]);
      const trace = await traceMessage(deployment, messageId, deployment.now() - since);
      const paint = painter(terminal);
      printAnswer(command, terminal, trace, () => [
        `${messageId}: ${paint('bold', trace.fate)}`,
        ...trace.steps.map(({ at, where, what }) => `${paint('dim', timeText(at))}  ${where}: ${what}`),
        ...(trace.steps.length === 0 ? ['Neither the logs nor the stream know it.'] : []),
        `Next: ${trace.next}`,
      ]);
      if (trace.fate === 'unknown') throw new ExitError(1);
    });
};
