import * as z from 'zod/mini';
import { InvalidRequest } from '../aws/failures.ts';

/**
 * Reads a function's input.
 * @throws InvalidRequest naming the first member that is wrong
 */
export const readInput = <S extends z.core.$ZodType>(schema: S, input: unknown): z.core.output<S> => {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join('.') ?? '';
  throw new InvalidRequest(path || 'input', undefined, 'as the dispatch machine takes it');
};
