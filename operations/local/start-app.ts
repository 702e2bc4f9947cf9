import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { startEmulator, StateError, type Emulator, type EmulatorOptions } from 'aws-template-emulator';
import { findTemplate, type SynthesizedApp } from './find-template.ts';
import { servicesOnly } from './services-only.ts';

/** A stack of a user's that runs. */
export interface StartedApp {
  readonly emulator: Emulator;
  /** The logical ids of the resources that are left out; none when the whole stack runs. */
  readonly leftOut: readonly string[];
  /** Why they are. */
  readonly reason?: string;
}

/** Whether the template is the reason: not the port, and not the folder for the state. */
const isOfTemplate = (error: unknown): error is Error =>
  error instanceof Error && !('code' in error) && error.name !== StateError.name;

/**
 * Runs a synthesized stack. A stack has more than a service: where something of it is not supported, the services and what they use run
 * without the rest.
 * @throws AppError; what startEmulator throws
 */
export const startApp = async (
  app: SynthesizedApp,
  options: Omit<EmulatorOptions, 'template'>,
): Promise<StartedApp> => {
  const path = await findTemplate(app);
  try {
    return { emulator: await startEmulator({ ...options, template: path }), leftOut: [] };
  } catch (error) {
    const part = isOfTemplate(error) ? servicesOnly(JSON.parse(await readFile(path, 'utf8'))) : undefined;
    if (!part || !isOfTemplate(error)) throw error;
    const { template, leftOut } = part;
    const origin = { assetFolder: dirname(path), stackName: basename(path, '.template.json') };
    return {
      emulator: await startEmulator({ ...options, ...origin, template }),
      ...{ leftOut, reason: error.message },
    };
  }
};
