/** `npx sqs-browser`: the command line on a real terminal. */
import { createInterface } from 'node:readline';
import { createInterface as createQuestions } from 'node:readline/promises';
import { environment } from '../environment.ts';
import { runCommand } from './program.ts';
import type { Terminal } from './terminal.ts';

const { stdin, stdout, stderr } = process;

const interrupted = new AbortController();

/** The first signal lets a command end what it has begun, the second one ends it at once. */
const stopOnSignals = (): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort();
      process.once(signal, () => process.exit(130));
    });
  }
};

const confirm = async (question: string): Promise<boolean> => {
  if (!stdin.isTTY) return false;
  const questions = createQuestions({ input: stdin, output: stderr });
  const answer = await questions.question(`${question} [y/N] `);
  questions.close();
  return /^y(es)?$/i.test(answer.trim());
};

const terminal: Terminal = {
  print: (line) => {
    stdout.write(`${line}\n`);
  },
  note: (line) => {
    stderr.write(`${line}\n`);
  },
  progress: (text) => {
    if (stderr.isTTY) stderr.write(`\r\u001B[K${text}`);
  },
  confirm,
  lines: () => createInterface({ input: stdin, crlfDelay: Infinity }),
  colors: stdout.isTTY && (environment['NO_COLOR'] ?? '') === '',
  signal: interrupted.signal,
  environment,
  now: Date.now,
};

// A reader that has seen enough, such as head, closes the pipe.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

stopOnSignals();
process.exitCode = await runCommand(process.argv.slice(2), terminal);
