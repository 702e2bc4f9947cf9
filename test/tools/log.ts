/** A logger that keeps codes and fields. */
export class FakeLog {
  readonly lines: { readonly level: 'info' | 'warn' | 'error'; readonly code: unknown; readonly fields: unknown }[] =
    [];

  info(code: unknown, ...[fields]: unknown[]): void {
    this.lines.push({ level: 'info', code, fields });
  }

  warn(code: unknown, ...[fields]: unknown[]): void {
    this.lines.push({ level: 'warn', code, fields });
  }

  error(code: unknown, ...[fields]: unknown[]): void {
    this.lines.push({ level: 'error', code, fields });
  }
}
