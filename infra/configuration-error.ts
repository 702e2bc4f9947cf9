/** Something the person who runs synth can put right; its message is one sentence and is shown without a stack trace. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
