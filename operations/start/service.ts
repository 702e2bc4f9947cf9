import type { Emulator, EmulatorOptions } from 'aws-template-emulator';
import { startEmulator } from 'aws-template-emulator';
import type { SynthesizedApp } from '../local/find-template.ts';
import { startApp } from '../local/start-app.ts';
import { apiDescription } from './api-description.ts';
import { startedServices } from './started-services.ts';
import { synthesize } from './synthesis.ts';

export interface ServiceOptions extends Omit<EmulatorOptions, 'template' | 'compileCache'> {
  /** Context values of the synthesis, on top of those in cdk.json. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Another CDK app, synthesized, in place of this project's own stack. */
  readonly app?: SynthesizedApp | undefined;
}

/**
 * Synthesizes this project's stack and runs it on this machine, with the API's description at /openapi.json.
 * @throws SynthesisError with what the CDK app says is wrong; what startEmulator throws
 */
export const startService = async ({ context, app, sites, ...options }: ServiceOptions = {}): Promise<Emulator> => {
  const { identityPoolId } = context ?? {};
  const identityPools = typeof identityPoolId === 'string' ? [identityPoolId] : [];
  const all = { identityPools, ...options, sites: { '/openapi.json': apiDescription, ...sites } };
  const emulator = app ? await startOwn(app, all) : await startEmulator({ ...all, ...(await synthesize(context)) });
  startedServices.publish(emulator);
  return emulator;
};

const startOwn = async (app: SynthesizedApp, options: Omit<EmulatorOptions, 'template'>): Promise<Emulator> => {
  const { emulator, leftOut, reason } = await startApp(app, options);
  if (reason !== undefined) {
    const count = `${leftOut.length} ${leftOut.length === 1 ? 'resource' : 'resources'}`;
    options.onProblem?.(
      new Error(`Only the services of ${emulator.stackName} run, without ${count} beside them: ${reason}`),
    );
  }
  return emulator;
};
