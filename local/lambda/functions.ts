import type { FunctionDefinition } from './function-definition.ts';
import { BoundedLogs } from './function-logs.ts';
import type { FunctionLogs } from './function-logs.ts';
import { RunningFunction } from './running-function.ts';
import type { Surroundings } from './running-function.ts';

export interface FunctionsOptions extends Surroundings {
  readonly definitions: readonly FunctionDefinition[];
}

/** Runs the functions of the template, each in a thread of its own. */
export interface Functions {
  readonly definitions: readonly FunctionDefinition[];
  readonly logs: FunctionLogs;
  /**
   * Runs a function, by name or ARN, on an event given as JSON text; answers the result as JSON text.
   * @throws FunctionError when it fails; Error when there is no such function.
   */
  invoke(nameOrArn: string, event: string): Promise<string>;
  /** Starts the threads that have not started yet, one after the other; otherwise each starts at its first event. */
  warm(): Promise<void>;
  /** Bytes of heap in use, by logical id, of the functions that are running. */
  heapUsed(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** @throws Error when a function's bundle is missing. */
export const createFunctions = (options: FunctionsOptions): Functions => {
  const logs = new BoundedLogs();
  const functions = options.definitions.map((definition) => new RunningFunction(definition, options, logs));
  const byName = new Map(
    functions.flatMap((one) => [
      [one.definition.name, one],
      [one.definition.arn, one],
    ]),
  );
  return {
    definitions: options.definitions,
    logs,
    invoke: async (nameOrArn, event) => {
      const found = byName.get(nameOrArn);
      if (!found) throw new Error(`There is no function ${nameOrArn} in the template`);
      return found.invoke(event);
    },
    warm: async () => {
      for (const one of functions) await one.start().loaded;
    },
    heapUsed: async () => {
      const running = functions.filter(({ thread }) => thread);
      const sizes = await Promise.all(
        running.map(async ({ definition, thread }) => [definition.logicalId, await thread?.heapUsed()]),
      );
      return Object.fromEntries(sizes) as Record<string, number>;
    },
    stop: async () => {
      await Promise.all(functions.map((one) => one.stop()));
    },
  };
};
