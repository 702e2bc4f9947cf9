import { createRequire } from 'node:module';
import process from 'node:process';
import { TestEnvironment } from 'jest-environment-node';

const require = createRequire(import.meta.url);
const hasInstance = Function.prototype[Symbol.hasInstance];

/**
 * Jest reads and compiles every module anew for each file of tests, in a realm of its own. `loadOnce` loads a module as Node does, once for
 * each of Jest's processes, where it stays compiled. It is for what keeps nothing from one use to the next and takes long to load: see
 * `transform` and `moduleNameMapper` in jest.config.js.
 */
export default class extends TestEnvironment {
  #variables = { ...process.env };

  async setup() {
    await super.setup();
    const { Error: SandboxError } = this.global;
    this.global.loadOnce = require;
    // Such a module reads the variables that a test sets, and knows its dates as dates.
    this.global.process.env = process.env;
    this.global.Date = Date;
    // What such a module throws, and what Node itself throws, is an Error here too, although it is one of another realm.
    Object.defineProperty(SandboxError, Symbol.hasInstance, {
      value(thrown) {
        return hasInstance.call(this, thrown) || (this === SandboxError && Error.isError(thrown));
      },
    });
  }

  /** The next file of tests finds the variables as this one did. */
  async teardown() {
    for (const name of Object.keys(process.env))
      if (!(name in this.#variables)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, this.#variables);
    await super.teardown();
  }
}
