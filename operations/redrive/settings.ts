import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Where messages are put back from. */
export const origins = ['undelivered', 'rejected', 'failed-batches'] as const;
export type Origin = (typeof origins)[number];

export interface Settings {
  readonly from: Origin;
  readonly dryRun: boolean;
  /** A queue's URL or, for failed batches, a bucket's name. */
  readonly location: string;
  /** Where records go that hold no message; empty for undelivered messages. */
  readonly streamName: string;
  /** What delivers messages, and the table for large ones; empty for rejected records. */
  readonly dispatchMachineArn: string;
  readonly messageTableName: string;
  /** Set for a service on this machine: its address; its keys are local / local. */
  readonly endpoint?: string;
}

/** A mistake in how the command was called; the message says what is right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm run redrive -- --from ${origins.join('|')} [--dry-run]
    [--local]            the service that npm start runs on this machine
    [--outputs <file>]   the outputs of the stack, as cdk deploy --outputs-file writes them
    [--stack <name>]     which stack's, when the file holds several
    [--queue-url <url>] [--bucket <name>] [--stream <name>] [--machine <arn>] [--message-table <name>]   in place of the outputs`;

const localOutputs = 'cdk.out/local-outputs.json';

/** The output with each location. */
const locationOutputs: Readonly<Record<Origin, string>> = {
  undelivered: 'UndeliveredQueueUrl',
  rejected: 'RejectedQueueUrl',
  'failed-batches': 'FailedBatchBucketName',
};

type Outputs = Readonly<Record<string, string>>;

/**
 * Reads the command's arguments and the stack's outputs.
 * @param read reads a file's text
 * @throws UsageError
 */
export const readSettings = (
  args: readonly string[],
  read = (path: string): string => readFileSync(path, 'utf8'),
): Settings => {
  const values = parse(args);
  const from = origins.find((origin) => origin === values.from);
  if (!from) throw new UsageError(`--from must be one of ${origins.join(', ')}`);
  const file = values.outputs ?? (values.local ? localOutputs : undefined);
  const outputs = file === undefined ? {} : readOutputs(file, values.stack, read);
  const neededUnless = (other: Origin, name: string, flag: string): string =>
    from === other ? '' : needed(outputs, name, flag);
  const given = from === 'failed-batches' ? values.bucket : values['queue-url'];
  return {
    from,
    dryRun: values['dry-run'],
    streamName: values.stream ?? neededUnless('undelivered', 'EventStreamName', '--stream'),
    location: given ?? needed(outputs, locationOutputs[from], from === 'failed-batches' ? '--bucket' : '--queue-url'),
    dispatchMachineArn: values.machine ?? neededUnless('rejected', 'DispatchMachineArn', '--machine'),
    messageTableName: values['message-table'] ?? neededUnless('rejected', 'MessageTableName', '--message-table'),
    ...(values.local && { endpoint: new URL(needed(outputs, 'ApiUrl', 'no --local')).origin }),
  };
};

const parse = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    from: text,
    'dry-run': flag,
    local: flag,
    outputs: text,
    stack: text,
    stream: text,
    machine: text,
    'message-table': text,
    'queue-url': text,
    bucket: text,
  };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

const readOutputs = (file: string, stack: string | undefined, read: (path: string) => string): Outputs => {
  const stacks = readStacks(file, read);
  const names = Object.keys(stacks);
  const name = stack ?? (names.length === 1 ? names[0] : undefined);
  const outputs = name === undefined ? undefined : stacks[name];
  if (!outputs) throw new UsageError(`--stack must be one of the stacks in ${file}: ${names.join(', ')}`);
  return outputs;
};

const readStacks = (file: string, read: (path: string) => string): Readonly<Record<string, Outputs>> => {
  try {
    return JSON.parse(read(file)) as Record<string, Outputs>;
  } catch {
    throw new UsageError(`${file} cannot be read; cdk deploy --outputs-file and npm start write such a file`);
  }
};

const needed = (outputs: Outputs, name: string, flag: string): string => {
  const value = outputs[name];
  if (!value) throw new UsageError(`The output ${name} is missing: give --local, --outputs or ${flag}`);
  return value;
};
