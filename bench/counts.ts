import * as z from 'zod/mini';
import type { Recorded } from './aws-model/recorded.ts';

/** What the measured service has counted since the last question. */
export const countsSchema = z.object({
  /** By name: `sqs:SendMessageBatch`, `lambda:DeliverBatch`. */
  calls: z.record(z.string(), z.number()),
  /** Records in each batch of the stream that the router has finished. */
  batches: z.array(z.number()),
  /** Bytes of the largest input or output of a state. */
  largestPayload: z.number(),
  /** Bytes in use by each function, the maximum that was seen. */
  memory: z.record(z.string(), z.number()),
  /** Milliseconds of CPU: `services` is the thread that all emulated services share, every other one a function's. */
  cpu: z.record(z.string(), z.number()),
  /** Bytes that the functions wrote to their logs. */
  logBytes: z.number(),
  /** Bytes in use by the thread of the emulated services, after a garbage collection if one was asked for. */
  heap: z.number(),
  /** What was recorded, if that was asked for. */
  recorded: z.optional(z.custom<Recorded>()),
});

export type Counts = z.infer<typeof countsSchema>;
