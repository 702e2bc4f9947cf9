/** `sqs-browser/local`: runs a synthesized stack with an SqsBrowser in it in this process, for tests in jest or vitest. */
import { startApp } from './start-app.ts';
import type { StartLocal } from './types.ts';

export type { LocalCredentials, LocalFault, LocalOptions, LocalService, StartLocal } from './types.ts';

export const startLocal: StartLocal = async (options) => {
  const { port, apiAuth, data, onProblem } = options;
  const { emulator, leftOut } = await startApp(options, {
    instantRetries: true,
    ...(port !== undefined && { port }),
    ...(apiAuth && { apiAuth }),
    ...(data !== undefined && { data }),
    ...(onProblem && { onProblem }),
  });
  const { url, stackName, outputs, clock, clientConfig } = emulator;
  return {
    ...{ url, stackName, outputs, leftOut, region: clientConfig.region, credentials: clientConfig.credentials },
    clock: {
      now: () => clock.now(),
      advance: (milliseconds) => {
        clock.advance(milliseconds);
      },
    },
    addFault: (fault) => emulator.faults.add(fault),
    idle: () => emulator.idle(),
    stop: () => emulator.stop(),
  };
};
