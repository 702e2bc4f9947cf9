/** The service that the benchmark measures, in a process of its own; it counts the calls it gets and tells when asked. */
import type { CallRecord } from '../local/service.ts';
import { startRuntime } from '../local/runtime.ts';

export interface Counts {
  /** By name: `sqs:SendMessageBatch`, `lambda:DeliverBatch`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Bytes of the largest input or output of a state. */
  readonly largestPayload: number;
  /** Bytes of heap in use by each function. */
  readonly memory: Readonly<Record<string, number>>;
}

const runtime = await startRuntime({ warm: true, context: { cleanupEvery: 86_400 } });
const calls = new Map<string, number>();
let largestPayload = 0;

const nameOf = ({ service, action, permissions }: CallRecord): string => {
  if (service !== 'lambda') return `${service}:${action}`;
  const called = permissions[0]?.resource.split(':').at(-1) ?? action;
  const task = /(?:Workflows?|Workflow)([A-Z][A-Za-z]+?)(?:Function)?[0-9A-F]{4,8}-/.exec(called)?.[1];
  return `lambda:${task ?? called}`;
};

runtime.calls.on((record) => {
  const name = nameOf(record);
  calls.set(name, (calls.get(name) ?? 0) + 1);
});
runtime.executions.on((execution) => {
  largestPayload = Math.max(largestPayload, execution.largestPayload);
});

const tell = (message: object): void => {
  process.send?.(message);
};

process.on('message', (question) => {
  if (question === 'stop') {
    void runtime.stop().then(() => process.exit());
    return;
  }
  void runtime.functionMemory().then((memory) => {
    tell({ calls: Object.fromEntries(calls), largestPayload, memory } satisfies Counts);
    calls.clear();
    largestPayload = 0;
  });
});

tell({ url: runtime.url, outputs: runtime.outputs });
