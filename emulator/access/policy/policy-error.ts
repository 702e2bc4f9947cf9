/** A policy holds something malformed, or something the emulator does not know: never an allow, always this error. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
