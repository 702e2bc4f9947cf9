import * as z from 'zod/mini';

/** What the process that holds the sessions tells. */
export const heldSchema = z.object({
  /** Sessions that it has. */
  sessions: z.number(),
  /** When it has all. */
  whole: z.optional(
    z.object({
      /** In use, after a garbage collection. */
      bytes: z.number(),
      /** Bytes that each further session took. */
      bytesPerSession: z.number(),
      /** What Node.js allows the heap to have. */
      limit: z.number(),
      /** Milliseconds of a create through the API beside all the others, the median. */
      create: z.number(),
    }),
  ),
});

export type Held = z.output<typeof heldSchema>;
