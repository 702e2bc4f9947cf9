import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import { Option, type Command } from 'commander';
import type { Session } from 'sqs-browser/backend';
import type { Deployment } from '../../deployment/deployment.ts';
import { DeploymentError, isQueueGone } from '../../deployment/errors.ts';
import { isNewQueue } from '../../deployment/new-queue.ts';
import type { GlobalOptions } from '../context.ts';
import { open } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { painter } from '../terminal.ts';
import { count, id } from '../values.ts';

interface TailOptions {
  readonly account: number;
  readonly session: string;
  readonly user?: number;
  readonly limit?: number;
}

/** Seconds before its keys expire at which the session is renewed. */
const renewBefore = 300;

/** Milliseconds between two polls of a queue that may be too new. */
const newQueueInterval = 500;

const clientOf = ({ region, endpoint }: Deployment, { accessKey, secretKey, sessionToken }: Session): SQSClient =>
  new SQSClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken },
  });

/** Polls a queue that was made at `made`, in epoch seconds; one that SQS does not know yet has no messages. */
const poll = async (
  client: SQSClient,
  QueueUrl: string,
  made: number,
  { signal, now }: Terminal,
): Promise<Message[]> => {
  const wanted = { MaxNumberOfMessages: 10, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] };
  try {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...wanted }), {
      abortSignal: signal,
    });
    return Messages;
  } catch (error) {
    if (!isQueueGone(error) || !isNewQueue(made, now())) throw error;
    await setTimeout(newQueueInterval, undefined, { signal });
    return [];
  }
};

/** The messages of the session's queue as they arrive, each received once and deleted, by the session's own keys. */
const receive = async function* (deployment: Deployment, opened: Session, terminal: Terminal): AsyncGenerator<Message> {
  let session = opened;
  let client = clientOf(deployment, session);
  const made = terminal.now() / 1000;
  while (!terminal.signal.aborted) {
    if (session.expires - deployment.now() / 1000 < renewBefore) {
      session = await deployment.api.renewSession(session);
      client = clientOf(deployment, session);
    }
    const messages = await poll(client, session.sqsUrl, made, terminal);
    if (messages.length === 0) continue;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: session.sqsUrl, Entries }));
    yield* messages;
  }
};

const printMessage = ({ Body = '', MessageAttributes = {} }: Message, json: boolean, terminal: Terminal): void => {
  const messageId = MessageAttributes['messageId']?.StringValue ?? '';
  const sentAt = Number(MessageAttributes['sentAt']?.StringValue);
  if (json) {
    terminal.print(`{"messageId":${JSON.stringify(messageId)},"sentAt":${sentAt},"body":${Body}}`);
    return;
  }
  const time = new Date(sentAt).toISOString().slice(11, 23);
  terminal.print(`${painter(terminal)('dim', `${time}  ${messageId}`)}  ${Body}`);
};

const isAbort = (error: unknown, { signal }: Terminal): boolean => signal.aborted && error instanceof Error;

const tail = async (options: TailOptions, json: boolean, deployment: Deployment, terminal: Terminal): Promise<void> => {
  const { account: accountId, session: sessionId, user, limit = Infinity } = options;
  const { api } = deployment;
  if (await api.sessionStatus({ accountId, sessionId })) {
    throw new DeploymentError(
      `There is a session ${sessionId} of account ${accountId}, whose page would lose its events: choose another name with --session.`,
    );
  }
  const session = await api.createSession({ accountId, sessionId, ...(user !== undefined && { userId: user }) });
  terminal.note(`Session ${sessionId} of account ${accountId} waits for events; Ctrl-C ends it.`);
  let seen = 0;
  try {
    for await (const message of receive(deployment, session, terminal)) {
      printMessage(message, json, terminal);
      seen += 1;
      if (seen >= limit) break;
    }
  } catch (error) {
    if (!isAbort(error, terminal)) throw error;
  } finally {
    await api.destroySession(session);
  }
};

/** `tail`: prints events as they arrive, as a session of its own, which ends with it. */
export const addTail = (program: Command, terminal: Terminal): void => {
  program
    .command('tail')
    .description('print events as they arrive, as a session of its own')
    .requiredOption('--account <id>', 'the account’s id', id)
    .addOption(
      new Option('--session <id>', 'the session’s id, which must not exist').default(
        `tail-${randomBytes(4).toString('hex')}`,
        'a random one',
      ),
    )
    .option('--user <id>', 'the user’s id: then events for this user arrive too', id)
    .option('--limit <number>', 'end after so many events', count)
    .addHelpText(
      'after',
      '\nExamples:\n  $ sqs-browser tail --account 12345\n  $ sqs-browser tail --account 12345 --user 7 --json',
    )
    .action(async (options: TailOptions, command: Command) => {
      const { json = false } = command.optsWithGlobals<GlobalOptions>();
      await tail(options, json, await open(command, terminal), terminal);
    });
};
