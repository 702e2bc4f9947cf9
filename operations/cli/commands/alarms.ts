import type { Command } from 'commander';
import { open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { painter, timeText } from '../terminal.ts';

const colors = { ALARM: 'red', OK: 'green', INSUFFICIENT_DATA: 'yellow' } as const;

/** `alarms`: their states, and what to do about those that have gone off. */
export const addAlarms = (program: Command, terminal: Terminal): void => {
  program
    .command('alarms')
    .description('show the alarms, and what to do about those that have gone off')
    .addHelpText('after', '\nExample:\n  $ sqs-browser alarms --stack sqs-browser-prod --region eu-west-1')
    .action(async (_options: object, command: Command) => {
      const [{ listAlarms }, deployment] = await Promise.all([
        import('../../deployment/alarms.ts'),
        open(command, terminal),
      ]);
      const alarms = await listAlarms(deployment);
      const paint = painter(terminal);
      printAnswer(command, terminal, alarms, () =>
        alarms.flatMap(({ name, state, description, reason, since, advice }) => [
          `${paint(colors[state], state.padEnd(17))}  ${name}: ${description}`,
          ...(state === 'ALARM'
            ? [`  since ${timeText(since)}: ${reason}`, ...advice.map((step) => `  - ${step}`)]
            : []),
          ...(state === 'INSUFFICIENT_DATA' ? ['  CloudWatch has no data for it yet.'] : []),
        ]),
      );
    });
};
