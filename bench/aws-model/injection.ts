import type { Emulator } from 'aws-template-emulator';
import { seededRandom } from '../../test/dispatch/scenario.ts';
import { calls, sample } from './latencies.ts';

/** Makes the calls of functions take as long as the model of AWS has it. Returns how to stop that. */
export const injectTimes = (service: Emulator): (() => void) => {
  const random = seededRandom(2);
  return service.interceptors.add('before', '*', async ({ service: of, action, principal }) => {
    const latency = calls[`${of}:${action}`];
    const isOfFunction = principal.type === 'anonymous' || principal.type === 'role';
    if (!latency || !isOfFunction || of === 'lambda') return;
    await new Promise((resolve) => setTimeout(resolve, sample(latency, random)));
  });
};
