/** A policy holds something malformed, or something this runtime does not know: never an allow, always this error. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
