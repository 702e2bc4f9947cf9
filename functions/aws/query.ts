import * as z from 'zod/mini';
import { InvalidRequest } from './errors.ts';

const pairsSchema = z.array(z.tuple([z.string(), z.string()]));

/**
 * The parameters of a request's query string. The API passes them on as pairs of name and value; the last of a name counts.
 * @param query missing when a machine was started directly
 * @throws InvalidRequest naming query
 */
export const checkQuery = (query: unknown): ReadonlyMap<string, string> => {
  if (query === undefined) return new Map();
  const pairs = pairsSchema.safeParse(query);
  if (!pairs.success) throw new InvalidRequest('query', query, 'an array of pairs of texts, name and value');
  return new Map(pairs.data);
};
