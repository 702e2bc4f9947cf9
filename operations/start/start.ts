/** `npm start`: runs the whole stack until Ctrl-C. PORT, API_AUTH and OUTPUTS_FILE are read from the environment. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lazyExample } from './example.ts';
import { isWarning } from 'aws-template-emulator';
import type { Emulator } from 'aws-template-emulator';
import { startService } from './service.ts';
import { explainStartError, readStartSettings } from './start-settings.ts';
import { welcome } from './welcome.ts';

const outputsFile =
  process.env['OUTPUTS_FILE'] ?? join(import.meta.dirname, '..', '..', 'cdk.out', 'local-outputs.json');

/** As `cdk deploy --outputs-file` writes them: by stack. */
const writeOutputs = async ({ stackName, outputs }: Emulator): Promise<void> => {
  await mkdir(dirname(outputsFile), { recursive: true });
  await writeFile(outputsFile, `${JSON.stringify({ [stackName]: outputs }, undefined, 2)}\n`);
};

/** Stops once at the first signal; a second one ends the process at once. */
const stopOnSignals = (runtime: Emulator): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      void runtime.stop().then(() => process.exit(0));
    });
  }
};

const start = async (): Promise<void> => {
  const settings = readStartSettings(process.env);
  const runtime: Emulator = await startService({
    ...settings,
    warm: true,
    sites: { '/example': lazyExample(() => runtime) },
    onProblem: (problem) => {
      console.error(problem.message);
    },
  });
  stopOnSignals(runtime);
  runtime.logs.on((line) => {
    if (isWarning(line)) console.error(`${line.function}: ${line.text}`);
  });
  await writeOutputs(runtime);
  console.log(`sqs-browser is ready at ${runtime.url}`);
  console.log(welcome(runtime));
};

try {
  await start();
} catch (error) {
  const sentence = explainStartError(error, Number(process.env['PORT'] || 4000));
  if (sentence === undefined) throw error;
  console.error(sentence);
  process.exitCode = 1;
}
