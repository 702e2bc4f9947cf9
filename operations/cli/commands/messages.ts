import type { Command } from 'commander';
import type { Message, Published } from '../../../client/backend/messages.ts';
import { counted } from '../../counted.ts';
import { ExitError, open, printAnswer } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { progressBar } from '../terminal.ts';
import { id, jsonObject } from '../values.ts';

interface Target {
  readonly session?: string;
  readonly user?: number;
}

/** Lines that are published in one go. */
const batchSize = 500;

const addNotify = (program: Command, terminal: Terminal): void => {
  program
    .command('notify')
    .description('send a message now, and say how many sessions took it')
    .argument('<account>', 'the account’s id', id)
    .argument('<message>', 'a JSON object', jsonObject)
    .option('--session <id>', 'only for this session')
    .option('--user <id>', 'only for this user’s sessions', id)
    .addHelpText(
      'after',
      `\nExamples:\n  $ sqs-browser notify 12345 '{"msg":"Hello"}'\n  $ sqs-browser notify 12345 '{"msg":"Hello"}' --user 7`,
    )
    .action(async (accountId: number, message: string, { session, user }: Target, command: Command) => {
      const { api } = await open(command, terminal);
      const target = {
        accountId,
        ...(session !== undefined && { sessionId: session }),
        ...(user !== undefined && { userId: user }),
      };
      const notified = await api.notify(target, message);
      printAnswer(command, terminal, notified, () => [
        `message    ${notified.messageId}`,
        `sessions   ${notified.sessions}`,
        `delivered  ${notified.delivered}${notified.continued ? ' so far, the rest follows' : ''}`,
        ...(notified.sessions === 0
          ? [`No session matched. sqs-browser sessions --account ${accountId} shows those that there are.`]
          : []),
      ]);
    });
};

/** The line when it is a message; undefined when it is none. */
const readLine = (line: string): Message | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'accountId' in value ? line : undefined;
  } catch {
    return undefined;
  }
};

const addPublish = (program: Command, terminal: Terminal): void => {
  program
    .command('publish')
    .description(
      'publish messages from the standard input, a JSON object with an accountId on each line; on the stream, or through the API without one',
    )
    .option('--ordered', 'keep the order of an account’s messages even when the stream is busy')
    .addHelpText(
      'after',
      `\nExamples:\n  $ echo '{"accountId":12345,"msg":"Hello"}' | sqs-browser publish\n  $ sqs-browser publish --json < events.jsonl`,
    )
    .action(async ({ ordered = false }: { ordered?: boolean }, command: Command) => {
      const { api } = await open(command, terminal);
      const published: Published[] = [];
      let batch: Message[] = [];
      let position = 0;
      const send = async (): Promise<void> => {
        if (batch.length > 0) published.push(...(await api.publish(batch, { ordered })));
        batch = [];
        terminal.progress(`${progressBar(published.length, undefined)} published`);
      };
      for await (const line of terminal.lines()) {
        position += 1;
        if (line.trim() === '') continue;
        const message = readLine(line);
        if (message === undefined) {
          await send();
          terminal.note(`Line ${position} is not a JSON object with an accountId: ${line.slice(0, 80)}`);
          terminal.note(
            `The lines before it are published: ${counted(published.length, 'message')}. It and those after it were not sent.`,
          );
          throw new ExitError(1);
        }
        batch.push(message);
        if (batch.length >= batchSize) await send();
      }
      await send();
      terminal.progress('');
      printAnswer(command, terminal, published, () =>
        published.length === 1
          ? [`message  ${published[0]?.messageId ?? ''}`]
          : [`${published.length} messages are published.`],
      );
    });
};

/** `notify` and `publish`. */
export const addMessageCommands = (program: Command, terminal: Terminal): void => {
  addNotify(program, terminal);
  addPublish(program, terminal);
};
