/** A policy is malformed, or has something that the emulator does not support. It is refused, so that it never allows anything. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
