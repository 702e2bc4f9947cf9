import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SynthesizedApp } from '../local/find-template.ts';
import { isWarning } from 'aws-template-emulator';
import type { Emulator } from 'aws-template-emulator';
import { consoleSites } from './console.ts';
import { lazyExample } from './example.ts';
import { makeFolder } from './make-folder.ts';
import { announceService, servicesFolder } from './running-services.ts';
import { startService } from './service.ts';
import type { StartSettings } from './start-settings.ts';
import { explainStartError } from './start-settings.ts';
import { createWarnings } from './warnings.ts';
import { welcome } from './welcome.ts';

/** Where a start says what it does. */
export interface StartOutput {
  readonly print: (line: string) => void;
  readonly note: (line: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface RunSettings extends StartSettings {
  /** Context values on top of those in cdk.json. */
  readonly context?: Readonly<Record<string, string>>;
  /** Another CDK app, synthesized, in place of this project's own stack. */
  readonly app?: SynthesizedApp | undefined;
}

const project = join(import.meta.dirname, '..', '..');

const hasExample = existsSync(join(project, 'examples', 'app'));

/** As `cdk deploy --outputs-file` writes them: by stack. */
const writeOutputs = async ({ stackName, outputs }: Emulator, file: string): Promise<void> => {
  await makeFolder(dirname(file));
  await writeFile(file, `${JSON.stringify({ [stackName]: outputs }, undefined, 2)}\n`);
};

/** Resolves at the first signal; a second one ends the process at once. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });

/** Unless it is named, a file in the app's folder or in this checkout; none where the package is installed. */
const outputsFileIn = (
  { OUTPUTS_FILE: file }: StartOutput['environment'],
  app?: SynthesizedApp,
): string | undefined => {
  if (file !== undefined) return file;
  if (app) return join(app.app, 'local-outputs.json');
  return existsSync(join(project, 'infra')) ? join(project, 'cdk.out', 'local-outputs.json') : undefined;
};

const announce = (
  { url, stackName, clientConfig }: Emulator,
  { environment }: StartOutput,
): Promise<() => Promise<void>> =>
  announceService(
    { url, stackName, region: clientConfig.region, processId: process.pid, started: Date.now() },
    servicesFolder(environment),
  );

const run = async ({ context, ...settings }: RunSettings, output: StartOutput): Promise<void> => {
  const stopped = interrupted();
  const warnings = createWarnings(output.note);
  const runtime: Emulator = await startService({
    ...settings,
    // On this machine every run is shown, with its data.
    context: { logDispatchData: 'true', ...context },
    warm: true,
    acceptMachineTime: true,
    explainUnknownRoutes: true,
    sites: { ...(hasExample && { '/example': lazyExample(() => runtime) }), ...consoleSites(() => runtime) },
    onProblem: ({ message }) => {
      warnings.add('', message);
    },
  });
  runtime.logs.on((line) => {
    if (isWarning(line)) warnings.add(line.function, line.text);
  });
  try {
    const outputsFile = outputsFileIn(output.environment, settings.app);
    if (outputsFile !== undefined) await writeOutputs(runtime, outputsFile);
    const withdraw = await announce(runtime, output);
    output.print(`sqs-browser is ready at ${runtime.url}`);
    output.print(welcome(runtime, { ...settings, hasExample }));
    await stopped;
    await withdraw();
  } finally {
    await runtime.stop();
    warnings.stop();
  }
};

/** Runs the whole stack on this machine until a signal stops it. @returns the exit code */
export const runService = async (settings: RunSettings, output: StartOutput): Promise<number> => {
  try {
    await run(settings, output);
    return 0;
  } catch (error) {
    const sentence = explainStartError(error, settings.port);
    if (sentence === undefined) throw error;
    output.note(sentence);
    return 1;
  }
};
