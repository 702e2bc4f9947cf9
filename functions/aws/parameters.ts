import type { ParameterName } from '../../client/shared/parameters.ts';
import { InvalidRequest } from './errors.ts';
import { checkBody, type Fields } from './input.ts';
import { checkQuery } from './query.ts';

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/** Whether a name looks like another: in other letters, with other signs, or a part of it. */
const isLike = (given: string, known: string): boolean => {
  const [a, b] = [plain(given), plain(known)];
  return a.length >= 4 && (a.includes(b) || b.includes(a));
};

/** A signature in the query string. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
const isSignature = (name: string): boolean => name.toLowerCase().startsWith('x-amz-');

/**
 * The parameters that a request has beside those of its path: of the query string, else of the POSTed object.
 * @param names those that the route takes
 * @throws InvalidRequest naming a parameter that the route does not take, with the right name if there is one; or query or body
 */
export const readParameters = <Name extends ParameterName>(
  request: Fields,
  ...names: readonly Name[]
): Readonly<Partial<Record<Name, unknown>>> => {
  const body = checkBody(request);
  // A route without parameters takes any object as its body, such as the event of something that calls it.
  const posted = names.length === 0 ? [] : Object.entries(body);
  const given = new Map<string, unknown>([...posted, ...checkQuery(request['query'])]);
  for (const [name, value] of given) {
    if (isSignature(name) || names.some((known) => known === name)) continue;
    const meant = names.find((known) => isLike(name, known));
    const taken = names.length === 0 ? 'takes none beside its path' : `takes ${names.join(' and ')}`;
    throw new InvalidRequest(name, value, meant ? `called ${meant}` : `left out: the route ${taken}`);
  }
  const parameters: Partial<Record<Name, unknown>> = {};
  for (const name of names) if (given.has(name)) parameters[name] = given.get(name);
  return parameters;
};
