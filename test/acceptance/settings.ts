import { parseArgs } from 'node:util';

/** Where the scenarios run, and which. */
export interface Settings {
  /** A service that is started for them, AWS, or the URL at which an emulator has all services. */
  readonly target: 'local' | 'aws' | URL;
  readonly stack: string;
  readonly region: string | undefined;
  /** The API's URL in place of the stack's output. */
  readonly api: string | undefined;
  /** The names of scenarios that the target cannot do. */
  readonly skip: string;
}

/** A mistake in how the command was called; the message says what is right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm run acceptance -- --target local|aws|<endpoint URL>
    [--stack <name>]    the stack's name; default sqs-browser-dev
    [--region <name>]   its Region; default as for every AWS SDK, us-east-1 for an emulator
    [--api <url>]       where the API is, when it is not where the stack's output says
    [--skip <names>]    scenarios that the target cannot do, separated by commas`;

const options = {
  target: { type: 'string' },
  stack: { type: 'string', default: 'sqs-browser-dev' },
  region: { type: 'string' },
  api: { type: 'string' },
  skip: { type: 'string', default: '' },
} as const;

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

const readTarget = (text: string | undefined): Settings['target'] => {
  if (text === 'local' || text === 'aws') return text;
  if (text !== undefined && /^https?:/.test(text) && URL.canParse(text)) return new URL(text);
  throw new UsageError(`--target is ${text ?? 'missing'}, but must be local, aws, or an emulator's URL`);
};

/** Reads the command's arguments. @throws UsageError */
export const readSettings = (args: readonly string[]): Settings => {
  const { target, stack, region, api, skip } = readArguments(args);
  return { target: readTarget(target), stack, region, api, skip };
};
