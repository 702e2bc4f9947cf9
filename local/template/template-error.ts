/** Something in the template that this runtime does not do. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
  }
}
