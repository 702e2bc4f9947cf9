/** An error that the person who runs the synthesis can correct. Its message is one sentence and is shown without a stack trace. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
