/**
 * An event of an Express execution as Step Functions writes it to the machine's log group.
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
import * as z from 'zod/mini';

const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  details: z.optional(z.record(z.string(), z.unknown())),
  previous_event_id: z.optional(z.string()),
  event_timestamp: z.string(),
  execution_arn: z.string(),
});

export interface ExecutionEvent {
  readonly id: number;
  readonly previousId: number;
  /** As in GetExecutionHistory: `TaskStateEntered`, `LambdaFunctionFailed`. */
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly executionArn: string;
}

/** Undefined for a line that is no event. */
export const readExecutionEvent = (line: string): ExecutionEvent | undefined => {
  try {
    const { success, data } = eventSchema.safeParse(JSON.parse(line));
    if (!success) return undefined;
    return {
      id: Number(data.id),
      previousId: Number(data.previous_event_id ?? 0),
      type: data.type,
      details: data.details ?? {},
      timestamp: Number(data.event_timestamp),
      executionArn: data.execution_arn,
    };
  } catch {
    return undefined;
  }
};

/** `arn:aws:states:<region>:<account>:express:<machine>:<name>:<start>`: the machine's name. */
export const machineOf = (executionArn: string): string => executionArn.split(':')[6] ?? '';
