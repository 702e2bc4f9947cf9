import { Window } from 'happy-dom';

/** A page for React: a window and a document, which stand as globals until they are removed. */
export class GlobalPage {
  readonly document: Window['document'];
  readonly #window = new Window();
  readonly #before = { window: globalThis.window, document: globalThis.document };

  constructor() {
    this.document = this.#window.document;
    Object.assign(globalThis, { window: this.#window, document: this.document });
  }

  remove(): void {
    Object.assign(globalThis, this.#before);
    void this.#window.happyDOM.close();
  }
}
