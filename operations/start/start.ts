/** `npm start`: runs the whole stack until Ctrl-C. PORT, API_AUTH and OUTPUTS_FILE are read from the environment. */
import { environment } from '../environment.ts';
import type { StartOutput } from './run.ts';
import { runService } from './run.ts';
import type { StartSettings } from './start-settings.ts';
import { readStartSettings, StartError } from './start-settings.ts';

const output: StartOutput = {
  print: (line) => {
    console.log(line);
  },
  note: (line) => {
    console.error(line);
  },
  environment,
};

const readSettings = (): StartSettings | undefined => {
  try {
    return readStartSettings(environment);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    output.note(error.message);
    return undefined;
  }
};

const settings = readSettings();
process.exit(settings ? await runService(settings, output) : 1);
