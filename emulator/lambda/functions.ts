import type { FunctionDefinition } from './function-definition.ts';
import { BoundedLogs } from './function-logs.ts';
import type { FunctionLogs } from './function-logs.ts';
import type { FunctionUsage } from './function-thread.ts';
import { RunningFunction } from './running-function.ts';
import type { FunctionContext } from './running-function.ts';

export interface FunctionsOptions extends FunctionContext {
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
  /** Ends a function's thread, by its construct. Its invocations fail with Lambda.Unknown. */
  kill(construct: string): void;
  /** Ends a function's invocations, by its construct, as timed out. */
  timeOut(construct: string): void;
  /** Starts the threads that have not started yet, one after the other. Without it, each starts at its first event. */
  warm(): Promise<void>;
  /** What the running functions use, by construct. */
  usage(): Promise<Readonly<Record<string, FunctionUsage>>>;
  stop(): Promise<void>;
}

/** @throws Error when a function's bundle is missing. */
export const createFunctions = (options: FunctionsOptions): Functions => {
  const logs = new BoundedLogs();
  let stopped = false;
  const functions = options.definitions.map((definition) => new RunningFunction(definition, options, logs));
  const byName = new Map(
    functions.flatMap((one) => [
      [one.definition.name, one],
      [one.definition.arn, one],
    ]),
  );
  const byConstruct = new Map(functions.map((one) => [one.definition.construct, one]));
  return {
    definitions: options.definitions,
    logs,
    invoke: async (nameOrArn, event) => {
      const found = byName.get(nameOrArn);
      if (!found) throw new Error(`There is no function ${nameOrArn} in the template`);
      return found.invoke(event);
    },
    kill: (construct) => {
      void byConstruct.get(construct)?.kill();
    },
    timeOut: (construct) => byConstruct.get(construct)?.timeOut(),
    warm: async () => {
      for (const one of functions) {
        if (stopped) return;
        await one.start().loaded;
      }
    },
    usage: async () => {
      const running = functions.flatMap(({ definition, thread }) => (thread ? [{ definition, thread }] : []));
      const usages = running.map(
        async ({ definition, thread }) => [definition.construct, await thread.usage()] as const,
      );
      return Object.fromEntries(await Promise.all(usages));
    },
    stop: async () => {
      stopped = true;
      await Promise.all(functions.map((one) => one.stop()));
    },
  };
};
