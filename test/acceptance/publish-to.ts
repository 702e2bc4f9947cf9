import { expect } from '@jest/globals';
import * as z from 'zod/mini';
import { request } from '../tools/worst-case.ts';
import type { Stack } from './stack.ts';

const answerSchema = z.object({
  notTaken: z.number(),
  results: z.array(z.looseObject({ status: z.string(), messageId: z.optional(z.string()) })),
});

type Answer = z.infer<typeof answerSchema>;

/** Calls of `POST /publish`. */
export const publishTo = (stack: Stack) => {
  const publish = async (...events: readonly object[]): Promise<Answer> => {
    const { status, json } = await request(() => stack.post('/publish', { events }));
    expect(status).toBe(200);
    return answerSchema.parse(json);
  };
  return {
    publish,
    /** As a backend does: what failed is published again. Only the worst case makes something fail. */
    publishUntilSent: async (event: object): Promise<Answer> => {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await publish(event);
        if (attempt === 10 || answer.notTaken === 0) return answer;
      }
    },
  };
};
