import type { Command } from 'commander';
import type { ExpectedLoad, Finding } from '../../deployment/doctor/doctor.ts';
import { ExitError, open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { painter } from '../terminal.ts';
import { count } from '../values.ts';

const marks = { ok: ['✔', 'green'], warning: ['!', 'yellow'], problem: ['✘', 'red'] } as const;

const describe = ({ check, result, what, remedy }: Finding, terminal: Terminal): string[] => {
  const [mark, color] = marks[result];
  return [`${painter(terminal)(color, mark)} ${check}: ${what}`, ...(remedy === undefined ? [] : [`  ${remedy}`])];
};

/** `doctor`: whether everything is as it must be, and what to do where it is not. */
export const addDoctor = (program: Command, terminal: Terminal): void => {
  program
    .command('doctor')
    .description(
      'check credentials, stack, pool, roles, stream, quotas, CORS, clock, alarms and AWS Config, and say what to do',
    )
    .option('--logins-per-second <number>', 'the load that the quotas must carry', count)
    .option('--events-per-second <number>', 'the load that the stream and the quotas must carry', count)
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser doctor\n  $ sqs-browser doctor --logins-per-second 100 --events-per-second 2000\n  $ sqs-browser doctor --stack sqs-browser-prod --region eu-west-1\n\nThe exit code is 1 when there is a problem.',
    )
    .action(async (load: ExpectedLoad, command: Command) => {
      const [{ examine }, deployment] = await Promise.all([
        import('../../deployment/doctor/doctor.ts'),
        open(command, terminal),
      ]);
      const findings = await examine(deployment, load);
      printAnswer(command, terminal, findings, () => findings.flatMap((finding) => describe(finding, terminal)));
      if (findings.some(({ result }) => result === 'problem')) throw new ExitError(1);
    });
};
