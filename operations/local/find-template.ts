import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const suffix = '.template.json';

/** A synthesized CDK app, and which of its stacks. */
export interface SynthesizedApp {
  /** The folder that `cdk synth` wrote: `cdk.out`. */
  readonly app: string;
  /** Needed when the app has several. */
  readonly stack?: string | undefined;
}

/** The app cannot be run. The message says what is missing. */
export class AppError extends Error {
  override readonly name = 'AppError';
}

/** The path of a stack's template. @throws AppError */
export const findTemplate = async ({ app, stack }: SynthesizedApp): Promise<string> => {
  const files = await readdir(app).catch((error: unknown) => {
    throw new AppError(`There is no folder ${app}: run cdk synth first.`, { cause: error });
  });
  const stacks = files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
  const chosen = stack ?? (stacks.length === 1 ? stacks[0] : undefined);
  if (chosen !== undefined && stacks.includes(chosen)) return join(app, `${chosen}${suffix}`);
  if (stacks.length === 0) throw new AppError(`There is no stack in ${app}: run cdk synth first.`);
  const found = stacks.join(', ');
  throw new AppError(
    stack === undefined
      ? `Name the stack: ${app} has ${found}.`
      : `There is no stack ${stack} in ${app}, which has ${found}.`,
  );
};
