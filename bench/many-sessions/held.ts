import * as z from 'zod/mini';

/** A report of the process that holds the sessions. */
export const heldSchema = z.object({
  /** Sessions that it holds. */
  sessions: z.number(),
  /** In the last report. */
  whole: z.optional(
    z.object({
      /** Memory in use, after a garbage collection. */
      bytes: z.number(),
      /** Bytes that each further session took. */
      bytesPerSession: z.number(),
      /** Bytes that Node.js allows the heap to have. */
      limit: z.number(),
      /** Median milliseconds of a create through the API beside all the sessions. */
      create: z.number(),
    }),
  ),
});

export type Held = z.output<typeof heldSchema>;
