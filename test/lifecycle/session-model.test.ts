import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Model, Real } from './session-model.ts';
import { commands } from './session-model.ts';
import { ServiceHarness } from './service-harness.ts';

/** CI runs a thousand. */
const numRuns = Number(process.env['MODEL_RUNS'] ?? 6);
const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);

let harness: ServiceHarness;

beforeAll(async () => {
  harness = await ServiceHarness.start();
});

afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

test(
  `sessions live as the model says (${numRuns} runs, MODEL_SEED=${seed})`,
  async () => {
    let account = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        account += 1;
        const real = { harness, account };
        const setup = (): { model: Model; real: Real } => ({ model: { time: 0, sessions: new Map(), sent: 0 }, real });
        await fc.asyncModelRun(setup, sequence);
      }),
      { numRuns, seed, endOnFailure: true },
    );
    harness.runtime.clock.advance(6 * 3_600_000);
    await harness.cleanUp();
    expect(await harness.orphans()).toEqual({ queues: [], identities: [] });
  },
  Math.max(600_000, numRuns * 5000),
);
