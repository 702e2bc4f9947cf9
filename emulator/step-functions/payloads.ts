import { quotas } from './quotas.ts';

/** Bytes of a value as the JSON text that Step Functions counts, in UTF-8. */
export const payloadBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** An error that neither Retry nor Catch takes: the library leaves alone what says so. */
export class DataLimitExceeded extends Error {
  override readonly name = 'States.DataLimitExceeded';
  readonly isRetryable = false;
  readonly isCatchable = false;
}

/** Measures the inputs and outputs of one execution's states. */
export class Payloads {
  #largest = 0;
  readonly #measured = new WeakSet();

  /** Bytes of the largest input or output so far. */
  get largest(): number {
    return this.#largest;
  }

  /** @throws DataLimitExceeded when the text is longer than a state's input or output may be. */
  measureText(where: string, text: string): void {
    this.#note(where, Buffer.byteLength(text));
  }

  /** Like measureText for a value; one that was measured before is not measured again. */
  measure(where: string, value: unknown): void {
    if (typeof value === 'object' && value !== null) {
      if (this.#measured.has(value)) return;
      this.#measured.add(value);
    }
    this.#note(where, payloadBytes(value));
  }

  #note(where: string, bytes: number): void {
    this.#largest = Math.max(this.#largest, bytes);
    if (bytes > quotas.payloadBytes) {
      throw new DataLimitExceeded(
        `The ${where} has ${bytes} bytes, more than the ${quotas.payloadBytes} a state may have`,
      );
    }
  }
}
